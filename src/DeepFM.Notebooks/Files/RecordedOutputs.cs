using System.Text;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Files;

/// <summary>All that a notebook has shown under an id so far, by the id: a later cell may replace it.</summary>
sealed class RecordedDisplays
{
    /// <summary>The places by the id.</summary>
    public Dictionary<string, List<JsonObject>> Places { get; } = [];

    /// <summary>
    /// Held while outputs of any of the notebook's cells are changed or read: what a cell left running in the background may still
    /// replace what another has shown.
    /// </summary>
    public Lock Gate { get; } = new();
}

/// <summary>What one cell shows, in the form of the file.</summary>
/// <param name="displays">What the notebook has shown.</param>
sealed class RecordedOutputs(RecordedDisplays displays) : ICellOutput
{
    readonly Lock gate = displays.Gate;
    readonly List<JsonObject> outputs = [];
    readonly StringBuilder text = new();
    string streamName = "";
    bool clearBeforeNext;

    /// <summary>All outputs, with the cell's value or error at the end.</summary>
    public IReadOnlyList<JsonObject> Finish(CellResult result, int executionCount)
    {
        lock (gate)
        {
            EndStream();
            if (result.Value is { } value)
            {
                JsonObject shown = Shown(value, "execute_result");
                shown["execution_count"] = executionCount;
                outputs.Add(shown);
            }
            if (!result.Succeeded)
            {
                outputs.Add(new()
                {
                    ["ename"] = result.ErrorName ?? "",
                    ["evalue"] = result.ErrorMessage ?? "",
                    ["output_type"] = "error",
                    ["traceback"] = new JsonArray([.. (result.Traceback ?? []).Select(line => (JsonNode)line)]),
                });
            }
            return [.. outputs];
        }
    }

    public void Stream(string name, string text)
    {
        lock (gate)
        {
            ClearIfAsked();
            if (name != streamName) { EndStream(); }
            streamName = name;
            this.text.Append(text);
        }
    }

    public void Display(MimeBundle bundle, string? displayId)
    {
        lock (gate)
        {
            ClearIfAsked();
            EndStream();
            JsonObject shown = Shown(bundle, "display_data");
            outputs.Add(shown);
            if (displayId is null) { return; }
            if (!displays.Places.TryGetValue(displayId, out List<JsonObject>? places)) { displays.Places[displayId] = places = []; }
            places.Add(shown);
        }
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        lock (gate)
        {
            foreach (JsonObject shown in displays.Places.GetValueOrDefault(displayId) ?? [])
            {
                JsonObject next = Shown(bundle, "display_data");
                foreach (string part in new[] { "data", "metadata" }) { shown[part] = next[part]!.DeepClone(); }
            }
        }
    }

    public void Clear(bool wait)
    {
        lock (gate)
        {
            clearBeforeNext = true;
            if (!wait) { ClearIfAsked(); }
        }
    }

    public Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel) => Task.FromException<string>(
        new InvalidOperationException("The cell asks for input, and nobody is there to give it: the notebook runs without a front end."));

    void ClearIfAsked()
    {
        if (!clearBeforeNext) { return; }
        clearBeforeNext = false;
        text.Clear();
        outputs.Clear();
    }

    void EndStream()
    {
        if (text.Length == 0) { return; }
        outputs.Add(new() { ["name"] = streamName, ["output_type"] = "stream", ["text"] = NotebookCell.Lines(text.ToString()) });
        text.Clear();
    }

    static JsonObject Shown(MimeBundle bundle, string type)
    {
        JsonObject data = [];
        foreach ((string mime, object content) in bundle.Data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            data[mime] = content switch
            {
                JsonNode json => json.DeepClone(),
                string text => NotebookCell.Lines(text),
                _ => NotebookCell.Lines(content.ToString() ?? ""),
            };
        }
        JsonObject metadata = [];
        foreach ((string name, object value) in bundle.Metadata ?? new Dictionary<string, object>())
        {
            metadata[name] = value is JsonNode node ? node.DeepClone() : System.Text.Json.JsonSerializer.SerializeToNode(value);
        }
        return new() { ["data"] = data, ["metadata"] = metadata, ["output_type"] = type };
    }
}
