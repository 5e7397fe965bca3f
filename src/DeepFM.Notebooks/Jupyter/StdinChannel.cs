namespace DeepFM.Notebooks.Jupyter;

/// <summary>Asks the user for a line, in the client that runs the cell.</summary>
sealed class StdinChannel(MessageCodec codec, Action<KernelChannel, byte[][]> send) : IDisposable
{
    readonly SemaphoreSlim oneAtATime = new(1);
    readonly Lock gate = new();
    TaskCompletionSource<string>? waiting;
    IReadOnlyList<byte[]> waitingFor = [];

    /// <summary>Sends an input_request to the client that sent <paramref name="request"/> and waits for its answer.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public async Task<string> AskAsync(JupyterMessage request, string prompt, bool password, CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate) { (waiting, waitingFor) = (answer, request.Identities); }
            send(KernelChannel.Stdin, codec.Write(request.Identities, "input_request", request.Header,
                new() { ["prompt"] = prompt, ["password"] = password }));
            return await answer.Task.WaitAsync(cancel);
        }
        finally
        {
            lock (gate) { waiting = null; }
            oneAtATime.Release();
        }
    }

    /// <summary>Takes a message of the stdin channel; one that nobody waits for is dropped.</summary>
    /// <remarks>Clients do not say which question they answer, so the first line from the asked client is the answer.</remarks>
    /// <exception cref="BadRequestException">The answer has no text.</exception>
    public void Answer(JupyterMessage message)
    {
        if (message.Header.Type != "input_reply") { return; }
        string value = new RequestContent(message.Content).Text("value");
        lock (gate)
        {
            if (waiting is not null && Same(message.Identities, waitingFor)) { waiting.TrySetResult(value); }
        }
    }

    /// <summary>Nothing can be asked after this.</summary>
    public void Dispose() => oneAtATime.Dispose();

    static bool Same(IReadOnlyList<byte[]> left, IReadOnlyList<byte[]> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
