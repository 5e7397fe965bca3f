using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace DeepFM.Data.Reading;

/// <summary>
/// Cuts files into blocks of whole lines, one after the other; the blocks can then be parsed in any order.
/// </summary>
/// <remarks>Where the cuts fall depends on the text alone, not on threads or on how a file is compressed.</remarks>
/// <param name="source">The files.</param>
/// <param name="options">How they are read.</param>
/// <param name="stage">What for.</param>
/// <param name="hashes">Whether the files' bytes are hashed on the way: where they become what is trained on.</param>
sealed class BlockReader(RowSource source, ReadOptions options, string stage, bool hashes = false)
{
    readonly ConcurrentBag<byte[]> pool = [];
    readonly long totalBytes = source.Files.Sum(InputFile.LengthOf);
    long blockIndex, position, bytesOfEarlierFiles;

    /// <exception cref="UserErrorException">A file has no rows, is damaged, or is not text.</exception>
    public IEnumerable<TextBlock> Read()
    {
        foreach (string path in source.Files)
        {
            using InputFile input = InputFile.Open(path, options.Files, hashes || options.HashesAll);
            FileHead head = new(source, path);
            long line = 1;
            int limit = options.BlockBytes, filled = 0;     // a pooled buffer may be longer than the limit
            byte[] buffer = Rent(limit);
            for (bool isFirst = true, atEnd = false; !atEnd;)
            {
                options.Cancel.ThrowIfCancellationRequested();
                filled += input.Read(buffer.AsSpan(filled..limit));
                atEnd = filled < limit;
                if (isFirst) { ForeignFile.RequireText(path, buffer.AsSpan(0, filled), source.Quotes); }
                int end = atEnd ? filled : EndOfLastRow(buffer, filled, isFirst, head, path, line);
                if (end == 0)
                {
                    if (atEnd) { break; }
                    buffer = Grow(buffer, limit, path, line);
                    limit *= 2;
                    continue;
                }

                int carried = filled - end;
                limit = Math.Max(options.BlockBytes, 2 * carried);
                byte[] next = Rent(limit);
                buffer.AsSpan(end..filled).CopyTo(next);
                int start = isFirst && buffer.AsSpan(0, end).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
                (buffer, start, end) = Decode(buffer, start, end, path, line);
                isFirst = false;

                int lines = buffer.AsSpan(start..end).Count((byte)'\n') + (buffer[end - 1] == (byte)'\n' ? 0 : 1);
                long firstLine = line;
                int rows = head.Skip(buffer, start, end, ref firstLine);
                if (head.Layout is { } layout && rows < end)
                {
                    yield return new TextBlock(buffer, pool)
                    {
                        Layout = layout,
                        Start = rows,
                        End = end,
                        Index = blockIndex++,
                        FirstLine = firstLine,
                        FirstPosition = position + (firstLine - line),
                    };
                }
                options.Progress?.Report(new(stage, bytesOfEarlierFiles + input.BytesRead, totalBytes));
                line += lines;
                position += lines;
                (buffer, filled) = (next, carried);
            }
            input.Finish();
            if (head.Layout is null) { throw InputFile.Empty(path); }
            bytesOfEarlierFiles += input.BytesRead;
        }
    }

    /// <summary>Where the last whole row of a buffer ends; 0 when it has none.</summary>
    unsafe int EndOfLastRow(byte[] buffer, int filled, bool isFirst, FileHead head, string path, long line)
    {
        Span<byte> text = buffer.AsSpan(0, filled);
        int lastLine = text.LastIndexOf((byte)'\n') + 1;
        if (source.Quotes is not { } quotes || lastLine == 0) { return lastLine; }

        int from = isFirst && text.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        for (int skipped = head.LinesToSkip; skipped > 0 && from < lastLine; skipped--) { from += text[from..].IndexOf((byte)'\n') + 1; }
        if (from == lastLine) { return lastLine; }
        byte* start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        int end = (int)(quotes.EndOfLastRow(start + from, start + filled, out byte* open) - start);
        if (end > from) { return end; }
        if (open is not null && start + filled - open > QuotedRows.MaxCellBytes)
        {
            long openLine = line + text[..(int)(open - start)].Count((byte)'\n');
            throw new UserErrorException($"{path}, line {openLine}: {QuotedRows.NotClosed(source.Spec.Quote!.Value)}.");
        }
        return head.LinesToSkip > 0 ? from : 0;
    }

    static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    byte[] Rent(int atLeast)
    {
        while (pool.TryTake(out byte[]? used))
        {
            if (used.Length >= atLeast + Cell.Slack) { return used; }
        }
        return GC.AllocateUninitializedArray<byte>(atLeast + Cell.Slack, pinned: true);
    }

    byte[] Grow(byte[] full, int length, string path, long line)
    {
        if (length > 1 << 29)
        {
            throw new UserErrorException($"{path}, line {line}: the line is longer than {length} bytes. "
                + "Is this a text file with one row a line?");
        }
        byte[] larger = Rent(2 * length);
        full.AsSpan(0, length).CopyTo(larger);
        pool.Add(full);
        return larger;
    }

    /// <summary>Makes the text UTF-8, or checks that it is.</summary>
    (byte[] Buffer, int Start, int End) Decode(byte[] buffer, int start, int end, string path, long line)
    {
        ReadOnlySpan<byte> text = buffer.AsSpan(start..end);
        if (source.Spec.Latin1 && !Ascii.IsValid(text))
        {
            byte[] wider = Rent(2 * text.Length);       // ISO 8859-1 takes at most two bytes a character
            int length = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(text), wider);
            pool.Add(buffer);
            return (wider, 0, length);
        }
        if (!Utf8.IsValid(text))
        {
            foreach (Range range in text.Split((byte)'\n'))
            {
                if (!Utf8.IsValid(text[range])) { break; }
                line++;
            }
            throw new UserErrorException($"{path}, line {line}: the text is not UTF-8. "
                + "Convert the file, or set \"encoding\": \"latin1\" in the schema's source if that is what it is.");
        }
        return (buffer, start, end);
    }

    /// <summary>The lines before a file's first row, and what they tell about its columns.</summary>
    sealed unsafe class FileHead(RowSource source, string path)
    {
        /// <summary>Lines that are still to be skipped at the start of the file.</summary>
        public int LinesToSkip { get; private set; } = source.Spec.SkipLines;

        /// <summary>Null until the first row was seen.</summary>
        public FileLayout? Layout { get; private set; }

        FileLayout? fromHeader;

        /// <summary>Returns where the rows start, and counts <paramref name="line"/> on to there.</summary>
        public int Skip(byte[] buffer, int start, int end, ref long line)
        {
            byte* text = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
            while (Layout is null && start < end)
            {
                int next = LineReader.EndOfLine(text + start, end - start, out int length) + start, lines = 1;
                if (LinesToSkip > 0) { LinesToSkip--; }
                else if (!LineReader.IsSkipped(text + start, length, source))
                {
                    if (source.Quotes is { } quotes) { (next, length, lines) = Row(quotes, text + start, end - start, start); }
                    if (!source.Spec.Header) { Layout = FileLayout.FromFirstLine(source, path, text + start, length, line); }
                    else if (fromHeader is not null) { Layout = fromHeader; }
                    else { fromHeader = FileLayout.FromHeader(source, path, Names(text + start, length, line)); }
                }
                else { source.Skipped?.Add(length); }
                if (Layout is not null) { break; }
                line += lines;
                start = next;
            }
            return start;
        }

        /// <summary>Where the row after one starts, the length of this one without its line end, and its number of lines.</summary>
        static (int Next, int Length, int Lines) Row(QuotedRows quotes, byte* row, int available, int start)
        {
            int length = (int)(quotes.EndOfFirstRow(row, row + available) - row);
            if (length == 0) { length = available; }
            int next = start + length, lines = Math.Max(1, new ReadOnlySpan<byte>(row, length).Count((byte)'\n'));
            if (row[length - 1] == (byte)'\n') { length--; }
            if (length > 0 && row[length - 1] == (byte)'\r') { length--; }
            return (next, length, lines);
        }

        string[] Names(byte* text, int length, long line)
        {
            DelimitedParser parser = new(source.Spec);
            Cell[] cells = new Cell[length + 1];
            int count = parser.Split(text, length, cells);
            return count >= 0
                ? [.. cells.Take(count).Select(cell => cell.ToString())]
                : throw new UserErrorException($"{path}, line {line}: in the header, {parser.Problem}.");
        }
    }
}
