using System.Text;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Publishes outputs in order; small pieces of text are joined before they leave.</summary>
/// <remarks>
/// Text waits until <see cref="DelayMilliseconds"/> have passed, <see cref="FlushChars"/> have gathered, or anything else is
/// published. So 100 MB of lines are some hundred messages, and a picture never overtakes the text before it.
/// </remarks>
sealed class IopubWriter : IDisposable
{
    /// <summary>The longest that text waits.</summary>
    public const int DelayMilliseconds = 40;

    /// <summary>The most text in one message, in UTF-16 units.</summary>
    public const int FlushChars = 256 * 1024;

    readonly MessageCodec codec;
    readonly Action<KernelChannel, byte[][]> send;
    readonly StreamPace pace;
    readonly Lock gate = new();
    readonly ITimer timer;
    readonly StringBuilder waiting = new();
    string waitingName = "";
    MessageHeader? waitingParent;
    bool timing;

    /// <summary>A writer without any text yet.</summary>
    /// <param name="codec">Signs the messages.</param>
    /// <param name="send">Gets them in order; must be quick.</param>
    /// <param name="pace">Holds text back; the usual pace when null.</param>
    /// <param name="clock">Ends the wait of text; the system's when null.</param>
    public IopubWriter(MessageCodec codec, Action<KernelChannel, byte[][]> send, StreamPace? pace = null, TimeProvider? clock = null)
    {
        (this.codec, this.send, this.pace) = (codec, send, pace ?? new());
        timer = (clock ?? TimeProvider.System).CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Publishes a message, after the text that waits.</summary>
    public void Publish(string type, MessageHeader? parent, JsonObject content, JsonObject? metadata = null)
    {
        lock (gate)
        {
            FlushLocked(all: true);
            Send(type, type, parent, content, metadata);
        }
    }

    /// <summary>Publishes the state of the kernel.</summary>
    public void Status(string state, MessageHeader? parent) =>
        Publish("status", parent, new() { ["execution_state"] = state });

    /// <summary>Adds text to a stream ("stdout", "stderr"); may wait when there is very much of it.</summary>
    public void Stream(MessageHeader? parent, string name, string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(text.Length - at, FlushChars);
            pace.Take(length);
            lock (gate)
            {
                if (waitingName != name || !ReferenceEquals(waitingParent, parent)) { FlushLocked(all: true); }
                (waitingName, waitingParent) = (name, parent);
                waiting.Append(text, at, length);
                if (waiting.Length >= FlushChars) { FlushLocked(all: false); }
                else if (!timing)
                {
                    timing = true;
                    timer.Change(TimeSpan.FromMilliseconds(DelayMilliseconds), Timeout.InfiniteTimeSpan);
                }
            }
            at += length;
        }
    }

    /// <summary>Publishes the text that waits.</summary>
    public void Flush()
    {
        lock (gate)
        {
            timing = false;
            FlushLocked(all: false);
        }
    }

    /// <summary>Publishes the text that waits; later text waits for the next message.</summary>
    public void Dispose()
    {
        Flush();
        timer.Dispose();
    }

    void FlushLocked(bool all)
    {
        if (waiting.Length == 0) { return; }
        // A pair that two writes tear apart is joined again: its first half waits for the second.
        char last = waiting[^1];
        bool torn = !all && char.IsHighSurrogate(last);
        if (torn) { waiting.Length--; }
        Send("stream", $"stream.{waitingName}", waitingParent, new() { ["name"] = waitingName, ["text"] = waiting.ToString() }, null);
        waiting.Clear();
        if (torn) { waiting.Append(last); }
        else if (waiting.Capacity > 4 * FlushChars) { waiting.Capacity = FlushChars; }
    }

    void Send(string type, string topic, MessageHeader? parent, JsonObject content, JsonObject? metadata) =>
        send(KernelChannel.Iopub, codec.Write([Encoding.UTF8.GetBytes(topic)], type, parent, content, metadata));
}
