using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Data.Schemas;

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
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: the connection file cannot be read. Jupyter writes it when it starts a kernel; "
                + "see 'deepfm jupyter install'.", missing);
        }
        using JsonDocument document = JsonText.Parse(text, path);
        return From(StrictObject.Of(document, path, "a connection file"), path);
    }

    static ConnectionFile From(StrictObject file, string path)
    {
        string transport = file.OptionalText("transport") ?? "tcp", scheme = file.OptionalText("signature_scheme") ?? "hmac-sha256";
        if (transport != "tcp")
        {
            throw new UserErrorException($"{path}: transport is '{transport}', but this kernel speaks tcp only. "
                + "Set \"transport\": \"tcp\".");
        }
        if (scheme != "hmac-sha256" && scheme.Length > 0)
        {
            throw new UserErrorException($"{path}: signature_scheme is '{scheme}', but this kernel signs with hmac-sha256 only.");
        }
        string ip = file.OptionalText("ip") ?? Loopback, key = file.OptionalText("key") ?? "";
        return new()
        {
            Ip = ip.Length == 0 ? Loopback : ip,
            ShellPort = Port(file, "shell_port"),
            ControlPort = Port(file, "control_port"),
            IopubPort = Port(file, "iopub_port"),
            StdinPort = Port(file, "stdin_port"),
            HeartbeatPort = Port(file, "hb_port"),
            Key = key,
        };
    }

    static int Port(StrictObject file, string name) => file.Has(name) ? file.Integer(name, 0, 1, 65535) : throw file.Missing(name);
}
