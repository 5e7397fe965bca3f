namespace DeepFM.Core.Tests.Data.Naive;

/// <summary>How the cells of a delimited file are written.</summary>
sealed record CsvStyle(char Separator, char? Quote, bool Trim, bool Header, string? Comment, int SkipLines);

/// <summary>Reads whole files into rows of cells by column, one character after the other: nothing here is fast or shared.</summary>
static class NaiveReader
{
    public static List<Dictionary<string, string>> Csv(string text, CsvStyle style, IReadOnlyList<string> columns)
    {
        List<Dictionary<string, string>> rows = [];
        IReadOnlyList<string>? names = style.Header ? null : columns;
        int at = 0;
        for (int line = 0; at < text.Length; line++)
        {
            if (line < style.SkipLines || IsSkipped(text, at, style.Comment))
            {
                at = text.IndexOf('\n', at) + 1;
                if (at == 0) { break; }
                continue;
            }
            List<string> cells = CsvRow(text, ref at, style);
            if (names is null) { names = cells; }
            else
            {
                Assert.Equal(names.Count, cells.Count);
                rows.Add(names.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
            }
        }
        return rows;
    }

    public static List<Dictionary<string, string>> LibFm(string text, IReadOnlyList<string>? columns) => Pairs(text, (row, tokens) =>
    {
        bool hasQuery = tokens.Length > 0 && tokens[0].StartsWith("qid:", StringComparison.Ordinal);
        row["qid"] = hasQuery ? tokens[0][4..] : "";
        if (hasQuery) { tokens = tokens[1..]; }
        if (columns is null) { row["features"] = string.Join(' ', tokens); }
        else
        {
            Assert.Equal(columns.Count, tokens.Length);
            for (int i = 0; i < tokens.Length; i++) { row[columns[i]] = tokens[i]; }
        }
    });

    public static List<Dictionary<string, string>> LibFfm(string text, IReadOnlyList<string> columns) => Pairs(text, (row, tokens) =>
    {
        for (int i = 0; i < columns.Count; i++)
        {
            row[columns[i]] = string.Join(' ', tokens.Where(token => token.StartsWith($"{i}:", StringComparison.Ordinal))
                .Select(token => token[(token.IndexOf(':', StringComparison.Ordinal) + 1)..]));
        }
    });

    static List<Dictionary<string, string>> Pairs(string text, Action<Dictionary<string, string>, string[]> add)
    {
        List<Dictionary<string, string>> rows = [];
        foreach (string line in text.Split('\n'))
        {
            string[] tokens = [.. line.TrimEnd('\r').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .TakeWhile(token => !token.StartsWith('#'))];
            if (tokens.Length == 0) { continue; }
            Dictionary<string, string> row = new() { ["label"] = tokens[0] };
            add(row, tokens[1..]);
            rows.Add(row);
        }
        return rows;
    }

    static bool IsSkipped(string text, int at, string? comment) =>
        text[at] == '\n' || text[at..].StartsWith("\r\n", StringComparison.Ordinal)
        || (comment is not null && text.AsSpan(at).StartsWith(comment));

    static List<string> CsvRow(string text, ref int at, CsvStyle style)
    {
        List<string> cells = [];
        while (true)
        {
            string cell = "";
            while (style.Trim && at < text.Length && text[at] == ' ') { at++; }
            if (at < text.Length && text[at] == style.Quote)
            {
                for (at++; text[at] != style.Quote || (at + 1 < text.Length && text[at + 1] == style.Quote); at++)
                {
                    if (text[at] == style.Quote) { at++; }
                    cell += text[at];
                }
                at++;
                while (style.Trim && at < text.Length && text[at] == ' ') { at++; }
            }
            else
            {
                while (at < text.Length && text[at] != style.Separator && text[at] != '\n' && !IsCrLf(text, at)) { cell += text[at++]; }
                if (style.Trim) { cell = cell.TrimEnd(' '); }
            }
            cells.Add(cell);
            if (at == text.Length) { return cells; }
            if (IsCrLf(text, at)) { at++; }
            if (text[at++] == '\n') { return cells; }
        }
    }

    static bool IsCrLf(string text, int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
}
