using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Where a kernel listens and how its messages are signed: the file that Jupyter writes for a kernel it starts.</summary>
/// <remarks>Jupyter messaging protocol 5.3, "Connection files". Only TCP with HMAC-SHA256 is spoken.</remarks>
public sealed record ConnectionFile
{
    const string Loopback = "127.0.0.1";

    /// <summary>The address to listen on; loopback unless the file says otherwise.</summary>
    public string Ip { get; init; } = Loopback;

    /// <summary>Port of the shell channel, which takes requests one after the other. In [1, 65535].</summary>
    public int ShellPort { get; init; }

    /// <summary>Port of the control channel, which takes requests while a cell runs. In [1, 65535].</summary>
    public int ControlPort { get; init; }

    /// <summary>Port on which outputs are published. In [1, 65535].</summary>
    public int IopubPort { get; init; }

    /// <summary>Port on which the kernel asks for input. In [1, 65535].</summary>
    public int StdinPort { get; init; }

    /// <summary>Port that echoes what it gets. In [1, 65535].</summary>
    public int HeartbeatPort { get; init; }

    /// <summary>The key of the signatures; empty: messages are not signed.</summary>
    public string Key { get; init; } = "";

    /// <summary>One with ports of loopback that are free now.</summary>
    /// <param name="key">Signs the messages.</param>
    internal static ConnectionFile OnFreePorts(string key) => new()
    {
        ShellPort = FreePorts.Next(),
        ControlPort = FreePorts.Next(),
        IopubPort = FreePorts.Next(),
        StdinPort = FreePorts.Next(),
        HeartbeatPort = FreePorts.Next(),
        Key = key,
    };

    /// <summary>Writes the file as Jupyter does.</summary>
    internal void Write(string path) => File.WriteAllText(path, new JsonObject
    {
        ["transport"] = "tcp",
        ["ip"] = Ip,
        ["shell_port"] = ShellPort,
        ["control_port"] = ControlPort,
        ["iopub_port"] = IopubPort,
        ["stdin_port"] = StdinPort,
        ["hb_port"] = HeartbeatPort,
        ["key"] = Key,
        ["signature_scheme"] = "hmac-sha256",
        ["kernel_name"] = "",
    }.ToJsonString());

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="UserErrorException">The file is missing, no JSON, or asks for what this kernel does not speak.</exception>
    public static ConnectionFile Read(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: the connection file cannot be read. Jupyter writes it when it starts a kernel; "
                + "see 'deepfm jupyter install'.", missing);
        }
        catch (JsonException wrong)
        {
            throw new UserErrorException($"{path}, line {wrong.LineNumber + 1}: this is no JSON, so it is no connection file.", wrong);
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UserErrorException($"{path}: a connection file holds a JSON object, not {Kind(document.RootElement)}.");
            }
            return From(document.RootElement, path);
        }
    }

    static ConnectionFile From(JsonElement file, string path)
    {
        string transport = Text(file, path, "transport", "tcp"), scheme = Text(file, path, "signature_scheme", "hmac-sha256");
        if (transport != "tcp")
        {
            throw new UserErrorException($"{path}: transport is '{transport}', but this kernel speaks tcp only. "
                + "Set \"transport\": \"tcp\".");
        }
        if (scheme != "hmac-sha256" && scheme.Length > 0)
        {
            throw new UserErrorException($"{path}: signature_scheme is '{scheme}', but this kernel signs with hmac-sha256 only.");
        }
        string ip = Text(file, path, "ip", Loopback), key = Text(file, path, "key", "");
        return new()
        {
            Ip = ip.Length == 0 ? Loopback : ip,
            ShellPort = Port(file, path, "shell_port"),
            ControlPort = Port(file, path, "control_port"),
            IopubPort = Port(file, path, "iopub_port"),
            StdinPort = Port(file, path, "stdin_port"),
            HeartbeatPort = Port(file, path, "hb_port"),
            Key = key,
        };
    }

    static string Text(JsonElement file, string path, string name, string standard)
    {
        if (!file.TryGetProperty(name, out JsonElement value)) { return standard; }
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new UserErrorException($"{path}: {name} must be a string, not {Kind(value)}.");
    }

    static int Port(JsonElement file, string path, string name)
    {
        if (!file.TryGetProperty(name, out JsonElement value))
        {
            throw new UserErrorException($"{path}: {name} is missing; a connection file gives a port in [1, 65535] for each channel.");
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int port) && port is >= 1 and <= 65535
            ? port
            : throw new UserErrorException($"{path}: {name} is {value.GetRawText()}, but must be a whole number in [1, 65535].");
    }

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        _ => value.GetRawText(),
    };
}
