using DeepFM.Notebooks.Languages.CSharp;
using FSharp.Compiler.Tokenization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

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
            "fsharp" => IsInFSharpText(lines[..^1]),
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

    static bool IsInFSharpText(ReadOnlySpan<string> before)
    {
        FSharpSourceTokenizer tokenizer = new(FSharpList<string>.Empty, null, null);
        FSharpTokenizerLexState state = FSharpTokenizerLexState.Initial;
        foreach (string line in before)
        {
            FSharpLineTokenizer rest = tokenizer.CreateLineTokenizer(line);
            for (FSharpOption<FSharpTokenInfo>? found; ;)
            {
                (found, state) = rest.ScanToken(state);
                if (found is null) { break; }
            }
        }
        return FSharpLineTokenizer.ColorStateOfLexState(state) is FSharpTokenizerColorState.String or FSharpTokenizerColorState.VerbatimString
            or FSharpTokenizerColorState.TripleQuoteString or FSharpTokenizerColorState.Comment or FSharpTokenizerColorState.StringInComment
            or FSharpTokenizerColorState.VerbatimStringInComment or FSharpTokenizerColorState.TripleQuoteStringInComment;
    }
}
