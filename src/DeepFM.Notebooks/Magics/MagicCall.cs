using System.Text;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Magics;

/// <summary>A line that begins with <c>#!</c>: a command to the notebook, not to a language.</summary>
/// <param name="Name">Without the <c>#!</c>.</param>
/// <param name="Words">What follows, split at blanks; words in quotes are one.</param>
/// <param name="Line">In the cell, from 1.</param>
sealed record MagicCall(string Name, IReadOnlyList<string> Words, int Line)
{
    /// <summary>Reads a line that begins with <c>#!</c>.</summary>
    public static MagicCall Parse(string text, int line)
    {
        List<string> words = Split(text[2..]);
        return new(words.Count > 0 ? words[0] : "", [.. words.Skip(1)], line);
    }

    /// <summary>The value of an option, such as that of <c>--from</c>; null when it is not given.</summary>
    public string? Option(string name)
    {
        int at = Words.ToList().IndexOf(name);
        return at < 0 ? null : at + 1 < Words.Count ? Words[at + 1] : throw Wrong($"{name} needs a value.");
    }

    /// <summary>The words that are neither options nor their values.</summary>
    public IReadOnlyList<string> Arguments => [.. Words.Where((word, at) => !word.StartsWith("--", StringComparison.Ordinal)
        && !(at > 0 && Words[at - 1].StartsWith("--", StringComparison.Ordinal)))];

    /// <summary>Refuses options that the command does not have.</summary>
    public void RequireOptions(params IReadOnlyList<string> known)
    {
        string? other = Words.FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && !known.Contains(word));
        if (other is null) { return; }
        throw Wrong(known.Count == 0 ? $"it has no options, but '{other}' is given." : UnknownName.Error("option", other, known).Message);
    }

    /// <summary>The error of a command that is written wrongly.</summary>
    public CellFailedException Wrong(string message)
    {
        string text = $"({Line},1): #!{Name}: {message}";
        return new("MagicError", text, [text]);
    }

    static List<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool quoted = false, any = false;
        foreach (char c in text)
        {
            if (c == '"') { (quoted, any) = (!quoted, true); }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (any) { words.Add(word.ToString()); }
                word.Clear();
                any = false;
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }
        if (any) { words.Add(word.ToString()); }
        return words;
    }
}
