namespace DeepFM.Notebooks.Jupyter;

/// <summary>Positions in text: the protocol counts Unicode code points, .NET counts UTF-16 units.</summary>
static class CodePoints
{
    /// <summary>The UTF-16 index of a code point; positions outside the text are moved to its nearer end.</summary>
    public static int ToUtf16(string text, int codePoints)
    {
        int at = 0;
        for (int passed = 0; passed < codePoints && at < text.Length; passed++) { at += Units(text, at); }
        return at;
    }

    /// <summary>How many code points stand before a UTF-16 index; an index inside a pair counts the pair as not yet passed.</summary>
    public static int FromUtf16(string text, int index)
    {
        int count = 0, at = 0;
        while (at < text.Length && at + Units(text, at) <= index)
        {
            at += Units(text, at);
            count++;
        }
        return count;
    }

    // A surrogate that stands alone is a code point of its own.
    static int Units(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
