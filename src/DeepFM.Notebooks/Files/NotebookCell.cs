using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DeepFM.Notebooks.Files;

/// <summary>A cell of a notebook file. What this kit does not know in it is kept.</summary>
/// <param name="json">The cell in the file.</param>
public sealed partial class NotebookCell(JsonObject json)
{
    internal const string Html = "text/html";

    /// <summary>The cell in the file.</summary>
    public JsonObject Json { get; } = json;

    /// <summary>"code", "markdown" or "raw".</summary>
    public string Kind => (string?)Json["cell_type"] ?? "";

    /// <summary>Whether it is run.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>What the user wrote, with "\n" between lines.</summary>
    public string Source
    {
        get => Joined(Json["source"]);
        set => Json["source"] = Lines(value);
    }

    /// <summary>Tags, such as "parameters".</summary>
    public IReadOnlyList<string> Tags => Json["metadata"]?["tags"] switch
    {
        JsonArray tags => [.. tags.Select(tag => (string?)tag ?? "")],
        JsonValue tag => [(string)tag!],
        _ => [],
    };

    /// <summary>Replaces what the cell has shown.</summary>
    /// <param name="executionCount">Its number in the order of execution; null when it was not run.</param>
    /// <param name="outputs">In the form of nbformat 4.</param>
    public void SetOutputs(int? executionCount, IEnumerable<JsonObject> outputs)
    {
        Json["execution_count"] = executionCount;
        Json["outputs"] = new JsonArray([.. outputs]);
    }

    /// <summary>Takes scripts out of what the cell has shown: charts keep their static picture, and the file stays small.</summary>
    public void RemoveScripts()
    {
        if (Json["outputs"] is not JsonArray outputs) { return; }
        foreach (JsonNode? output in outputs)
        {
            if (output?["data"] is JsonObject data && data[Html] is { } html) { data[Html] = Lines(Script().Replace(Joined(html), "")); }
        }
    }

    /// <summary>A new code cell.</summary>
    public static NotebookCell Code(string source, params IReadOnlyList<string> tags) => new(new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = Guid.NewGuid().ToString("N")[..8],
        ["metadata"] = new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) },
        ["outputs"] = new JsonArray(),
        ["source"] = Lines(source),
    });

    /// <summary>A text as Jupyter writes it: a list of lines, each with its line end.</summary>
    public static JsonArray Lines(string text)
    {
        JsonArray lines = [];
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }
        return lines;
    }

    [GeneratedRegex(@"<script\b.*?</script>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    static string Joined(JsonNode? source) => source switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string?)line)),
        JsonValue text => (string?)text ?? "",
        _ => "",
    };
}
