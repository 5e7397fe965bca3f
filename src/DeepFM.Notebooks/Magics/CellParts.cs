using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Magics;

/// <summary>A part of a cell: code of one language, or a command.</summary>
/// <param name="Language">The language that is current there.</param>
abstract record CellPart(string Language);

/// <summary>Code, with blank lines before it, so that its line numbers are those of the cell.</summary>
sealed record CodePart(string Language, string Code) : CellPart(Language);

/// <summary>A command.</summary>
sealed record MagicPart(string Language, MagicCall Call) : CellPart(Language);

/// <summary>A cell told into its parts by the lines that begin with <c>#!</c>.</summary>
static class CellParts
{
    /// <summary>The languages, by the names that a magic can have.</summary>
    public static IReadOnlyDictionary<string, string> Languages { get; } = new Dictionary<string, string>
    {
        ["csharp"] = "csharp",
        ["c#"] = "csharp",
        ["C#"] = "csharp",
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        ["F#"] = "fsharp",
        ["html"] = "html",
        ["javascript"] = "javascript",
        ["js"] = "javascript",
        ["markdown"] = "markdown",
        ["mermaid"] = "mermaid",
    };

    /// <summary>All parts, in order. Everything is looked at before anything runs.</summary>
    /// <exception cref="CellFailedException">A command does not exist.</exception>
    public static IReadOnlyList<CellPart> Of(string cell)
    {
        List<CellPart> parts = [];
        List<string> code = [];
        string language = "csharp";
        string[] lines = cell.ReplaceLineEndings("\n").Split('\n');
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!MagicLines.EndsInCommand(lines.AsSpan(start..(i + 1)), language))
            {
                code.Add(lines[i]);
                continue;
            }
            Flush();
            MagicCall call = MagicCall.Parse(lines[i], i + 1);
            if (Languages.TryGetValue(call.Name, out string? next))
            {
                call.RequireOptions();
                language = next;
            }
            else
            {
                MagicCommands.Require(call);
                parts.Add(new MagicPart(language, call));
            }
            start = i + 1;
        }
        Flush();
        return parts;

        void Flush()
        {
            if (code.Any(line => line.Trim().Length > 0))
            {
                parts.Add(new CodePart(language, new string('\n', start) + string.Join('\n', code)));
            }
            code.Clear();
        }
    }
}
