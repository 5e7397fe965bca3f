namespace DeepFM.Data.Reading;

/// <summary>Where lines end and which of them are no rows.</summary>
static unsafe class LineReader
{
    /// <summary>Returns where the next line starts.</summary>
    /// <param name="text">The start of a line.</param>
    /// <param name="available">Bytes from there to the end of the block.</param>
    /// <param name="length">Overwritten with the line's length without <c>\n</c> or <c>\r\n</c>.</param>
    public static int EndOfLine(byte* text, int available, out int length)
    {
        int found = new ReadOnlySpan<byte>(text, available).IndexOf((byte)'\n');
        length = found < 0 ? available : found;
        int next = found < 0 ? available : found + 1;
        if (length > 0 && text[length - 1] == (byte)'\r') { length--; }
        return next;
    }

    /// <summary>Whether the line is empty or a comment; blanks alone are an empty line of pairs.</summary>
    public static bool IsSkipped(byte* line, int length, RowSource source)
    {
        if (length == 0 || IsComment(line, length, source.Comment)) { return true; }
        if (!source.Spec.HasPairs) { return false; }
        ReadOnlySpan<byte> text = new ReadOnlySpan<byte>(line, length).TrimStart(" \t"u8);
        return text.IsEmpty || text[0] == RowParser.CommentMark;
    }

    /// <summary>Whether the text begins with what begins a comment.</summary>
    public static bool IsComment(byte* text, int length, byte[]? comment) =>
        comment is not null && new ReadOnlySpan<byte>(text, length).StartsWith(comment);
}
