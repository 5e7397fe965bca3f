using DeepFM.Notebooks.Languages.CSharp;
using DeepFM.Notebooks.Languages.FSharp;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeepFM.Notebooks.Magics;

/// <summary>Tells the lines of a cell that are commands: they begin with <c>#!</c>, and not inside a string or a comment.</summary>
static class MagicLines
{
    const string Mark = "#!";

    /// <summary>Whether the last line is a command.</summary>
    /// <param name="lines">From the start of a part to the line, without line ends.</param>
    /// <param name="language">The part's.</param>
    public static bool EndsInCommand(ReadOnlySpan<string> lines, string language) =>
        lines[^1].StartsWith(Mark, StringComparison.Ordinal) && !(language switch
        {
            "csharp" => IsInCSharpText(string.Join('\n', lines), lines[^1].Length),
            "fsharp" => FSharpOpenings.Of(lines[..^1]).IsText,
            _ => false,
        });

    // Whether the last line goes on with a token or a comment that began before it.
    static bool IsInCSharpText(string code, int lastLength)
    {
        int position = code.Length - lastLength;
        SyntaxNode root = CSharpSyntaxTree.ParseText(code, CSharpSession.Parsing).GetRoot();
        SyntaxTrivia trivia = root.FindTrivia(position);
        SyntaxToken token = root.FindToken(position, findInsideTrivia: true);
        return trivia.SpanStart < position && trivia.Span.End > position || token.SpanStart < position && token.Span.End > position;
    }
}
