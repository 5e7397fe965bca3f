using System.Text.Json;
using DeepFM.Research.Reporting;

namespace DeepFM.Notebooks.Display;

/// <summary>A user's Plotly chart of lines, marks or bars as a figure, so that it can be drawn without a script.</summary>
static class StillChart
{
    /// <summary>The figure; null when the chart has a trace of another kind.</summary>
    /// <param name="json">The chart as JSON, with data and layout.</param>
    public static Figure? Of(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        JsonElement layout = root.TryGetProperty("layout", out JsonElement found) ? found : default;
        List<(JsonElement Trace, SeriesKind Kind)> traces = [];
        foreach (JsonElement trace in root.GetProperty("data").EnumerateArray())
        {
            if (KindOf(trace) is not { } kind) { return null; }
            traces.Add((trace, kind));
        }
        string[]? categories = Categories(traces);
        List<Series> series = [];
        foreach ((JsonElement trace, SeriesKind kind) in traces)
        {
            if (Places(trace, categories) is not { } x || Numbers(trace, "y") is not { Length: > 0 } y || x.Length != y.Length)
            {
                return null;
            }
            series.Add(new(Text(trace, "name") ?? $"series {series.Count + 1}", kind, x, y));
        }
        if (series.Count == 0) { return null; }
        string title = Title(layout, "title") ?? "";
        return new("chart", title, [new("", new(Title(layout, "xaxis") ?? "", categories), new(Title(layout, "yaxis") ?? ""), series)]);
    }

    static SeriesKind? KindOf(JsonElement trace) => (Text(trace, "type"), Text(trace, "mode"), Text(trace, "orientation")) switch
    {
        ("bar", _, null or "v") => SeriesKind.Bars,
        ("scatter" or "scattergl", "markers", _) => SeriesKind.Marks,
        ("scatter" or "scattergl", _, _) => SeriesKind.Line,
        _ => null,
    };

    // The texts on the horizontal axis, in the order of their first use; null when it has numbers.
    static string[]? Categories(List<(JsonElement Trace, SeriesKind Kind)> traces)
    {
        string[] texts = [.. traces.SelectMany(trace => Items(trace.Trace, "x")).Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => item.GetString()!).Distinct()];
        return texts.Length > 0 ? texts : null;
    }

    static double[]? Places(JsonElement trace, string[]? categories)
    {
        JsonElement[] items = Items(trace, "x");
        if (items.Length == 0 && categories is null) { return [.. Enumerable.Range(0, Items(trace, "y").Length).Select(at => (double)at)]; }
        if (categories is not null)
        {
            return items.All(item => item.ValueKind == JsonValueKind.String)
                ? [.. items.Select(item => (double)Array.IndexOf(categories, item.GetString()))]
                : null;
        }
        return items.All(item => item.ValueKind == JsonValueKind.Number) ? [.. items.Select(item => item.GetDouble())] : null;
    }

    static double?[]? Numbers(JsonElement trace, string name)
    {
        JsonElement[] items = Items(trace, name);
        return items.All(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
            ? [.. items.Select(item => item.ValueKind == JsonValueKind.Null ? (double?)null : item.GetDouble())]
            : null;
    }

    static JsonElement[] Items(JsonElement trace, string name) =>
        trace.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    static string? Text(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(name, out JsonElement text)
        && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    static string? Title(JsonElement layout, string name)
    {
        if (layout.ValueKind != JsonValueKind.Object || !layout.TryGetProperty(name, out JsonElement part)) { return null; }
        if (name != "title") { return Title(part, "title"); }
        return part.ValueKind == JsonValueKind.String ? part.GetString() : Text(part, "text");
    }
}
