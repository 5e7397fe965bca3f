using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Publishes what a cell shows, as answers to the request that runs it.</summary>
/// <remarks>It stays usable after the cell's end: what the cell left running in the background still shows under the cell.</remarks>
/// <param name="iopub">Where it is published.</param>
/// <param name="stdin">Where a line is asked for.</param>
/// <param name="request">The request that runs the cell.</param>
/// <param name="silent">Shows nothing.</param>
/// <param name="mayAsk">Whether the client answers questions.</param>
sealed class CellOutput(IopubWriter iopub, StdinChannel stdin, JupyterMessage request, bool silent, bool mayAsk) : ICellOutput
{
    /// <inheritdoc/>
    public void Stream(string name, string text)
    {
        if (!silent && text.Length > 0) { iopub.Stream(request.Header, name, text); }
    }

    /// <inheritdoc/>
    public void Display(MimeBundle bundle, string? displayId) => Publish("display_data", bundle, displayId);

    /// <inheritdoc/>
    public void UpdateDisplay(MimeBundle bundle, string displayId) => Publish("update_display_data", bundle, displayId);

    /// <inheritdoc/>
    public void Clear(bool wait)
    {
        if (!silent) { iopub.Publish("clear_output", request.Header, new() { ["wait"] = wait }); }
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The client that runs the cell does not answer questions.</exception>
    public Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel)
    {
        if (!mayAsk)
        {
            throw new UserErrorException($"The cell asks for a line{(prompt.Length > 0 ? $" ('{prompt}')" : "")}, but whoever runs it answers no questions. "
                + "Run it in Jupyter by hand, or put the value into the cell.");
        }
        iopub.Flush();
        return stdin.AskAsync(request, prompt, password, cancel);
    }

    /// <summary>Contents as JSON: text as it is, everything else as the serializer has it.</summary>
    public static JsonObject ToJson(IReadOnlyDictionary<string, object>? values)
    {
        JsonObject json = [];
        foreach ((string name, object value) in values ?? new Dictionary<string, object>())
        {
            json[name] = value switch
            {
                string text => text,
                JsonNode node => node.DeepClone(),
                _ => Serialized(value),
            };
        }
        return json;
    }

    static JsonNode? Serialized(object value)
    {
        try { return JsonSerializer.SerializeToNode(value); }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException) { return value.ToString(); }
    }

    void Publish(string type, MimeBundle bundle, string? displayId)
    {
        if (silent) { return; }
        JsonObject transient = [];
        if (displayId is not null) { transient["display_id"] = displayId; }
        iopub.Publish(type, request.Header, new()
        {
            ["data"] = ToJson(bundle.Data),
            ["metadata"] = ToJson(bundle.Metadata),
            ["transient"] = transient,
        });
    }
}
