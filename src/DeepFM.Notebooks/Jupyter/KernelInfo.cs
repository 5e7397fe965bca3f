using System.Reflection;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>What the kernel says of itself.</summary>
static class KernelInfo
{
    /// <summary>The version of this kit, such as "0.1.0".</summary>
    public static string Version { get; } = typeof(KernelInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The content of a kernel_info_reply.</summary>
    public static JsonObject Reply() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = MessageCodec.ProtocolVersion,
        ["implementation"] = "deepfm",
        ["implementation_version"] = Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = $"DeepFM.Research {Version}: C# and F# on .NET {Environment.Version.ToString(2)}",
        ["help_links"] = new JsonArray(),
    };
}
