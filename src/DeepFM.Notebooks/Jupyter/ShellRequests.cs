using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Answers the requests about code and about the kernel, all but those that run or stop something.</summary>
/// <param name="host">The host, once it is there.</param>
/// <param name="history">The cells that were run.</param>
/// <param name="iopub">Where a comm that nobody knows is closed.</param>
sealed class ShellRequests(Task<ICellHost> host, CellHistory history, IopubWriter iopub)
{
    /// <summary>The content of the answer; null when the request has none, or is not known.</summary>
    /// <exception cref="BadRequestException">The content is not as the protocol has it.</exception>
    public async Task<JsonObject?> AnswerAsync(JupyterMessage request, CancellationToken cancel)
    {
        RequestContent content = new(request.Content);
        switch (request.Header.Type)
        {
            case "kernel_info_request": return KernelInfo.Reply();
            case "complete_request": return await CompleteAsync(content, cancel);
            case "inspect_request": return await InspectAsync(content, cancel);
            case "is_complete_request":
                Completeness whole = (await host.WaitAsync(cancel)).IsComplete(content.Text("code"));
                return Ok(new() { ["status"] = whole.Status, ["indent"] = whole.Indent });
            case "history_request": return History(content);
            case "comm_info_request": return Ok(new() { ["comms"] = new JsonObject() });
            case "comm_open":
                // No target is known here; the protocol asks to close at once.
                iopub.Publish("comm_close", request.Header,
                    new() { ["comm_id"] = content.Text("comm_id"), ["data"] = new JsonObject() });
                return null;
            default: return null;
        }
    }

    /// <summary>Whether a request of this type is understood, answered or not.</summary>
    public static bool Knows(string type) => type is "kernel_info_request" or "complete_request" or "inspect_request"
        or "is_complete_request" or "history_request" or "comm_info_request" or "comm_open" or "comm_msg" or "comm_close";

    async Task<JsonObject> CompleteAsync(RequestContent content, CancellationToken cancel)
    {
        string code = content.Text("code");
        int position = CodePoints.ToUtf16(code, content.Number("cursor_pos", int.MaxValue));
        Completions found = await (await host.WaitAsync(cancel)).CompleteAsync(code, position, cancel);

        int start = CodePoints.FromUtf16(code, found.Start), end = CodePoints.FromUtf16(code, found.End);
        JsonArray matches = [], types = [];
        foreach (CompletionItem item in found.Items)
        {
            matches.Add((JsonNode)item.Text);
            types.Add(new JsonObject { ["text"] = item.Text, ["type"] = item.Kind ?? "", ["start"] = start, ["end"] = end });
        }
        return Ok(new()
        {
            ["matches"] = matches,
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = types },
        });
    }

    async Task<JsonObject> InspectAsync(RequestContent content, CancellationToken cancel)
    {
        string code = content.Text("code");
        int position = CodePoints.ToUtf16(code, content.Number("cursor_pos", int.MaxValue));
        MimeBundle? found = await (await host.WaitAsync(cancel)).InspectAsync(code, position, cancel);
        return Ok(new()
        {
            ["found"] = found is not null,
            ["data"] = CellOutput.ToJson(found?.Data),
            ["metadata"] = CellOutput.ToJson(found?.Metadata),
        });
    }

    JsonObject History(RequestContent content)
    {
        const int session = 1;                  // a kernel knows its own session only
        int? count = content.Number("n", -1) is >= 0 and int n ? n : null;
        IReadOnlyList<HistoryEntry> found = content.Text("hist_access_type") switch
        {
            "tail" => history.Tail(count ?? int.MaxValue),
            "range" => content.Number("session", 0) is 0 or session
                ? history.Range(content.Number("start", 1), content.Number("stop", -1) is >= 0 and int stop ? stop : null)
                : [],
            "search" => history.Search(content.Text("pattern", "*"), count, content.Flag("unique", false)),
            string other => throw new BadRequestException($"hist_access_type '{other}' is not known; there are tail, range, search."),
        };
        bool withOutput = content.Flag("output", false);
        JsonArray entries = [];
        foreach (HistoryEntry entry in found)
        {
            JsonNode input = entry.Code;
            entries.Add((JsonNode)new JsonArray(session, entry.Line, withOutput ? new JsonArray(input, entry.Output) : input));
        }
        return Ok(new() { ["history"] = entries });
    }

    static JsonObject Ok(JsonObject content)
    {
        content.TryAdd("status", "ok");
        return content;
    }
}
