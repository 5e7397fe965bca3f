using System.Text.Json;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>The channels of a kernel that carry signed messages.</summary>
enum KernelChannel
{
    Shell,
    Control,
    Iopub,
    Stdin,
}

/// <summary>The header of a message.</summary>
/// <param name="Id">The message's own id.</param>
/// <param name="Type">Its type, such as "execute_request".</param>
/// <param name="Raw">The header as it came, UTF-8 JSON: answers carry it as their parent.</param>
sealed record MessageHeader(string Id, string Type, byte[] Raw);

/// <summary>A message that came in: signature checked, not seen before, and JSON in all its parts.</summary>
/// <param name="Channel">Where it came from; the answer goes there.</param>
/// <param name="Identities">Whom the answer goes to: the routing frames.</param>
/// <param name="Header">Its header.</param>
/// <param name="Content">Its content, an object.</param>
sealed record JupyterMessage(
    KernelChannel Channel, IReadOnlyList<byte[]> Identities, MessageHeader Header, JsonElement Content)
{
    /// <summary>When it came, in the ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Received { get; } = System.Diagnostics.Stopwatch.GetTimestamp();
}
