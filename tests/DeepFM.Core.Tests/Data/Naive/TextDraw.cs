using System.Globalization;
using System.Text;

namespace DeepFM.Core.Tests.Data.Naive;

/// <summary>Draws texts of cells, and writes rows of them in every way that a style allows.</summary>
sealed class TextDraw(Random random, CsvStyle? style = null, string[]? missing = null, string letters = "é€")
{
    readonly string newLine = random.Next(2) == 0 ? "\n" : "\r\n";

    /// <summary>Words of a column, such as are written whole only in quotes where there are any.</summary>
    public string[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        string alphabet = "ab01._-#:|" + letters + (style!.Quote is { } quote ? $" ,;{quote}\n\r" : "");
        int length = random.Next(4) == 0 ? random.Next(90) : random.Next(1, 9);
        string[] characters = [.. alphabet.EnumerateRunes().Select(rune => rune.ToString())];
        return string.Concat(Enumerable.Range(0, length).Select(_ => characters[random.Next(characters.Length)]));
    })];

    public string OrMissing(string text) =>
        random.Next(6) > 0 ? text : missing!.Length == 0 ? "" : random.Next(2) == 0 ? missing[random.Next(missing.Length)] : "";

    public string Number() => random.Next(4) switch
    {
        0 => $"{random.Next(-9, 10)}",
        1 => (random.NextDouble() * 2000 - 1000).ToString("0.###", CultureInfo.InvariantCulture),
        2 => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => $"{random.Next(100)}e{random.Next(-3, 4)}",
    };

    public string Id() => random.Next(3) == 0 ? $"{random.Next(1_000_000_000, 1_000_000_020)}" : $"{random.Next(30)}";

    /// <summary>An id of a bag, with a weight or not.</summary>
    public string Entry(bool hasWeight, bool negative)
    {
        string[] weights = ["1", "1", "0.5", "2", "0", "1e2", negative ? "-3" : "3"];
        return hasWeight ? $"{Id()}:{weights[random.Next(weights.Length)]}" : Id();
    }

    /// <summary>Lines of a label and pairs, with any of the separators between them.</summary>
    public string Pairs(IEnumerable<IEnumerable<string>> rows, string separators)
    {
        StringBuilder text = new();
        foreach (IEnumerable<string> row in rows)
        {
            if (random.Next(20) == 0) { text.Append(Gap(0, " \t")).Append(random.Next(2) == 0 ? "" : "# 1 0:1:1").Append(newLine); }
            text.Append(random.Next(3) switch { 0 => "-1", 1 => "0", _ => "1" });
            foreach (string token in row) { text.Append(Gap(1, separators)).Append(token); }
            text.Append(random.Next(10) == 0 ? Gap(1, separators) + "#1:1:1 2:1" : Gap(0, separators)).Append(newLine);
        }
        return WithOrWithoutLastLineEnd(text.ToString());
    }

    public string Csv(string[] columns, IEnumerable<string[]> rows)
    {
        StringBuilder text = new();
        for (int line = 0; line < style!.SkipLines; line++) { text.Append("1,not a row \"").Append(newLine); }
        IEnumerable<string[]> lines = style.Header ? rows.Prepend(columns) : rows;
        foreach (string[] row in lines)
        {
            if (random.Next(20) == 0) { text.Append(newLine); }
            if (style.Comment is not null && random.Next(20) == 0) { text.Append(style.Comment).Append(" a \" comment '").Append(newLine); }
            for (int cell = 0; cell < row.Length; cell++)
            {
                if (cell > 0) { text.Append(style.Separator); }
                text.Append(Cell(row[cell], isFirst: cell == 0));
            }
            text.Append(newLine);
        }
        return WithOrWithoutLastLineEnd(text.ToString());
    }

    string Cell(string text, bool isFirst)
    {
        bool looksLikeComment = isFirst && style!.Comment is { } comment && text.StartsWith(comment, StringComparison.Ordinal);
        bool mustQuote = style!.Quote is { } mark && (text.StartsWith(mark) || text.IndexOfAny([style.Separator, '\n', '\r']) >= 0
            || (style.Trim && text != text.Trim(' ')) || looksLikeComment);
        if (style.Quote is { } quote && (mustQuote || random.Next(4) == 0))
        {
            text = quote + text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal) + quote;
        }
        return style.Trim ? Gap(0, " ") + text + Gap(0, " ") : text;
    }

    string WithOrWithoutLastLineEnd(string text) => random.Next(3) == 0 ? text[..^newLine.Length] : text;

    string Gap(int least, string separators) =>
        string.Concat(Enumerable.Range(0, random.Next(least, least + 3)).Select(_ => separators[random.Next(separators.Length)]));
}
