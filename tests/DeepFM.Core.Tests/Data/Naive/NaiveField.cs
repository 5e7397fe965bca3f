using System.Globalization;
using System.Text.Json;

namespace DeepFM.Core.Tests.Data.Naive;

/// <summary>A field of a test's schema, and what it makes of a row: told once in JSON and once as simply as can be.</summary>
abstract class NaiveField(string name)
{
    public string Name => name;

    public abstract string Json { get; }

    /// <summary>Counts a training row.</summary>
    public virtual void Count(Dictionary<string, string> row) { }

    /// <summary>The field's value as <see cref="NaiveRows.Describe"/> writes it.</summary>
    public abstract string Expect(Dictionary<string, string> row);
}

/// <summary>Counts of texts, and what becomes of each.</summary>
sealed class NaiveCounts(int minCount)
{
    readonly Dictionary<string, int> counts = [];

    public void Add(string text) => counts[text] = counts.GetValueOrDefault(text) + 1;

    public string Expect(string text) =>
        counts.GetValueOrDefault(text) < minCount ? "(unseen)" : text.Length == 0 ? "(missing)" : text;
}

/// <param name="column">Its column.</param>
/// <param name="minCount">As in the schema.</param>
/// <param name="missing">What is missing to it.</param>
/// <param name="isPair">Whether cells are pairs.</param>
/// <param name="own">Whether the schema gives it the list of missing texts, rather than its file.</param>
sealed class NaiveCategorical(string column, int minCount, string[] missing, bool isPair, bool own = false)
    : NaiveField((own ? "o-" : "c-") + column)
{
    readonly NaiveCounts counts = new(minCount);

    public override string Json => $$"""{ "kind": "categorical", "column": "{{column}}", "name": "{{Name}}", "minCount": {{minCount}} """
        + (own ? $", \"missing\": {NaiveRows.Json(missing)} }}" : "}");

    public override void Count(Dictionary<string, string> row) => counts.Add(Text(row));

    public override string Expect(Dictionary<string, string> row) => counts.Expect(Text(row));

    string Text(Dictionary<string, string> row)
    {
        string cell = row[column];
        return missing.Contains(cell) ? "" : isPair ? cell.Split(':')[0] : cell;
    }
}

sealed class NaiveValue(string column, string[] missing, bool isPair) : NaiveField("v-" + column)
{
    public override string Json =>
        $$"""{ "kind": "value", "column": "{{column}}", "name": "{{Name}}", "standardize": false }""";

    public override string Expect(Dictionary<string, string> row)
    {
        string cell = row[column];
        if (cell.Length == 0 || missing.Contains(cell)) { return "0"; }
        return NaiveRows.Number(double.Parse(isPair ? cell.Split(':')[1] : cell, CultureInfo.InvariantCulture));
    }
}

sealed class NaiveBag(string column, char separator, char? weightSeparator, bool mean, int minCount, string[] missing, bool isPair,
    string[] padding) : NaiveField("b-" + column)
{
    readonly NaiveCounts counts = new(minCount);

    public override string Json => $$"""{ "kind": "multiValued", "column": "{{column}}", "name": "{{Name}}", """
        + (isPair ? "" : $$""" "separator": "{{separator}}", """)
        + (isPair || weightSeparator is null ? "" : $$""" "weightSeparator": "{{weightSeparator}}", """)
        + $$""" "pooling": "{{(mean ? "mean" : "sum")}}", "minCount": {{minCount}}, "padding": {{NaiveRows.Json(padding)}} }""";

    public override void Count(Dictionary<string, string> row)
    {
        foreach ((string id, _) in Entries(row)) { counts.Add(id); }
    }

    public override string Expect(Dictionary<string, string> row)
    {
        (string Id, float Weight)[] entries = [.. Entries(row)];
        double sum = entries.Sum(entry => (double)entry.Weight);
        return NaiveRows.Bag(entries.Select(entry =>
            (counts.Expect(entry.Id), mean && sum > 0 ? (float)(entry.Weight / sum) : entry.Weight)));
    }

    IEnumerable<(string Id, float Weight)> Entries(Dictionary<string, string> row)
    {
        string cell = missing.Contains(row[column]) ? "" : row[column];
        foreach (string part in cell.Split(separator).Select(part => part.Trim(' ')).Where(part => part.Length > 0))
        {
            int colon = weightSeparator is { } mark ? part.LastIndexOf(mark) : part.Length;
            if (padding.Contains(part[..colon])) { continue; }
            yield return (part[..colon], colon == part.Length ? 1 : (float)double.Parse(part[(colon + 1)..], CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>Lists as JSON writes them.</summary>
sealed class NaiveList(string column, string[] missing) : NaiveField("l-" + column)
{
    readonly NaiveCounts counts = new(minCount: 1);

    public override string Json => $$"""
        { "kind": "multiValued", "column": "{{column}}", "name": "{{Name}}", "list": true, "pooling": "sum", "minCount": 1 }
        """;

    public override void Count(Dictionary<string, string> row)
    {
        foreach (string id in Elements(row)) { counts.Add(id); }
    }

    public override string Expect(Dictionary<string, string> row) => NaiveRows.Bag(Elements(row).Select(id => (counts.Expect(id), 1f)));

    IEnumerable<string> Elements(Dictionary<string, string> row) => row[column].Length == 0 || missing.Contains(row[column])
        ? [] : JsonSerializer.Deserialize<string[]>(row[column])!.Where(element => element.Length > 0);
}

sealed class NaiveFlags(string[] columns, string[] missing) : NaiveField("flags")
{
    readonly NaiveCounts counts = new(minCount: 1);

    public override string Json => $$"""
        { "kind": "multiValued", "name": "{{Name}}", "flagColumns": [{{string.Join(", ", columns.Select(column => $"\"{column}\""))}}],
          "pooling": "sum", "minCount": 1 }
        """;

    public override void Count(Dictionary<string, string> row)
    {
        foreach (string flag in Set(row)) { counts.Add(flag); }
    }

    public override string Expect(Dictionary<string, string> row) => NaiveRows.Bag(Set(row).Select(flag => (counts.Expect(flag), 1f)));

    IEnumerable<string> Set(Dictionary<string, string> row) => columns.Where(column => row[column] == "1" && !missing.Contains("1"));
}

sealed class NaiveHour(string column, string[] missing) : NaiveField("hour")
{
    readonly NaiveCounts counts = new(minCount: 1);

    public override string Json => """{ "kind": "time", "part": "hour", "minCount": 1 }""";

    public override void Count(Dictionary<string, string> row) => counts.Add(Text(row));

    public override string Expect(Dictionary<string, string> row) => counts.Expect(Text(row));

    string Text(Dictionary<string, string> row) => row[column].Length == 0 || missing.Contains(row[column])
        ? "" : $"{long.Parse(row[column], CultureInfo.InvariantCulture) / 3600 % 24}:00";
}
