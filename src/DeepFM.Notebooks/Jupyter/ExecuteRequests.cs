using System.Text.Json.Nodes;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Runs the cells of execute requests, one after the other, and counts them.</summary>
/// <param name="host">The host, once it is there.</param>
/// <param name="history">Takes note of the cells.</param>
/// <param name="iopub">Where outputs go.</param>
/// <param name="stdin">Where a cell asks for a line.</param>
sealed class ExecuteRequests(Task<ICellHost> host, CellHistory history, IopubWriter iopub, StdinChannel stdin)
{
    readonly Lock gate = new();
    CancellationTokenSource? running;
    volatile JupyterMessage? current;
    int count;

    /// <summary>The request whose cell runs, or ran last; null before the first.</summary>
    public MessageHeader? LastHeader { get; private set; }

    /// <summary>The request whose cell runs; null when none does.</summary>
    public JupyterMessage? Current => current;

    /// <summary>Stops the cell that runs; does nothing when none does.</summary>
    public void Interrupt()
    {
        lock (gate) { _ = running?.CancelAsync(); }
    }

    /// <summary>Runs a cell, publishes its outputs, and returns the content of the answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stopsQueue">Whether the requests that wait must be given up, because this one failed.</param>
    /// <exception cref="BadRequestException">The content is not as the protocol has it.</exception>
    public async Task<JsonObject> RunAsync(JupyterMessage request, Action stopsQueue)
    {
        RequestContent content = new(request.Content);
        string code = content.Text("code");
        bool silent = content.Flag("silent", false), stores = content.Flag("store_history", true) && !silent;
        bool mayAsk = content.Flag("allow_stdin", true), stops = content.Flag("stop_on_error", true);

        using CancellationTokenSource interrupt = new();
        lock (gate) { (running, current, LastHeader) = (interrupt, request, request.Header); }
        try
        {
            int line = stores ? ++count : Math.Max(count, 1);
            if (!silent) { iopub.Publish("execute_input", request.Header, new() { ["code"] = code, ["execution_count"] = line }); }

            CellResult result = await RunAsync(code, new(iopub, stdin, request, silent, mayAsk), interrupt.Token);
            if (stores) { history.Add(line, code, result.Value?.Data.GetValueOrDefault("text/plain")?.ToString()); }
            if (!result.Succeeded && stops) { stopsQueue(); }
            return result.Succeeded ? Succeeded(request, result, line, silent) : Failed(request, result, line, silent);
        }
        finally
        {
            lock (gate) { (running, current) = (null, null); }
        }
    }

    /// <summary>The answer to a request that is given up because an earlier one failed.</summary>
    public static JsonObject Aborted() => new() { ["status"] = "aborted" };

    // A host that could not be made, or that has a fault, fails every cell with the reason.
    async Task<CellResult> RunAsync(string code, CellOutput output, CancellationToken cancel)
    {
        try
        {
            ICellHost ready = await host.WaitAsync(cancel);
            return await ready.RunAsync(code, output, cancel);
        }
        catch (Exception failed)
        {
            return new(false, null, failed.GetType().Name, failed.Message, failed.ToString().Split(Environment.NewLine));
        }
    }

    JsonObject Succeeded(JupyterMessage request, CellResult result, int line, bool silent)
    {
        if (result.Value is { } value && !silent)
        {
            iopub.Publish("execute_result", request.Header, new()
            {
                ["execution_count"] = line,
                ["data"] = CellOutput.ToJson(value.Data),
                ["metadata"] = CellOutput.ToJson(value.Metadata),
            });
        }
        return new()
        {
            ["status"] = "ok",
            ["execution_count"] = line,
            ["user_expressions"] = new JsonObject(),
            ["payload"] = new JsonArray(),
        };
    }

    JsonObject Failed(JupyterMessage request, CellResult result, int line, bool silent)
    {
        JsonObject error = Error(result.ErrorName, result.ErrorMessage, result.Traceback);
        if (!silent) { iopub.Publish("error", request.Header, (JsonObject)error.DeepClone()); }
        error["status"] = "error";
        error["execution_count"] = line;
        error["user_expressions"] = new JsonObject();
        error["payload"] = new JsonArray();
        return error;
    }

    /// <summary>Name, message and traceback of an error, as the protocol has them.</summary>
    public static JsonObject Error(string? name, string? message, IReadOnlyList<string>? traceback)
    {
        JsonArray lines = [];
        foreach (string text in traceback ?? [$"{name}: {message}"]) { lines.Add((JsonNode)text); }
        return new() { ["ename"] = name ?? "Error", ["evalue"] = message ?? "", ["traceback"] = lines };
    }
}
