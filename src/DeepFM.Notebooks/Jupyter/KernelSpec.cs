using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>A kernel spec that stands in a folder.</summary>
/// <param name="Name">The kernel's name: that of its folder.</param>
/// <param name="Folder">Where it stands.</param>
/// <param name="DisplayName">What Jupyter shows.</param>
/// <param name="IsOurs">Whether this kit has installed it.</param>
/// <param name="Problem">Why Jupyter could not start it; null when nothing is known to be wrong.</param>
public sealed record KernelSpec(string Name, string Folder, string DisplayName, bool IsOurs, string? Problem)
{
    /// <summary>The metadata by which this kit knows its own kernel specs again.</summary>
    internal const string OwnKey = "deepfm_research";

    /// <summary>The file that makes a folder a kernel spec.</summary>
    internal const string FileName = "kernel.json";

    /// <summary>What the kernel's process finds in its environment.</summary>
    /// <remarks>
    /// The runtime does not count what new code does: every cell is new code, and runs once. Training is as fast without.
    /// </remarks>
    internal static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" };

    /// <summary>The text of a kernel.json for this kit.</summary>
    /// <param name="host">The full path of the dotnet program.</param>
    /// <param name="program">The full path of deepfm.dll.</param>
    /// <param name="displayName">What Jupyter shows.</param>
    internal static JsonObject Content(string host, string program, string displayName) => new()
    {
        ["argv"] = new JsonArray(host, program, "kernel", "--connection-file", "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["env"] = new JsonObject([.. Variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value))]),
        ["metadata"] = new JsonObject { [OwnKey] = new JsonObject { ["version"] = KernelInfo.Version }, ["debugger"] = false },
    };

    /// <summary>Reads the spec in a folder; a kernel.json that cannot be understood is a problem, not an exception.</summary>
    internal static KernelSpec Read(string folder)
    {
        string name = Path.GetFileName(folder);
        try
        {
            string path = Path.Combine(folder, FileName);
            using JsonDocument file = JsonText.Parse(File.ReadAllText(path), FileName);
            JsonElement root = file.RootElement;
            bool ours = root.TryGetProperty("metadata", out JsonElement metadata)
                && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(OwnKey, out _);
            string display = root.TryGetProperty("display_name", out JsonElement text) ? text.ToString() : name;
            return new(name, folder, display, ours, ProblemOf(root));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or UserErrorException or InvalidOperationException)
        {
            return new(name, folder, name, false, wrong is UserErrorException ? wrong.Message : $"{FileName} cannot be read: {wrong.Message}");
        }
    }

    // A program without a folder is looked up by Jupyter on the path, so it is not checked here.
    static string? ProblemOf(JsonElement root)
    {
        if (!root.TryGetProperty("argv", out JsonElement argv) || argv.ValueKind != JsonValueKind.Array)
        {
            return $"{FileName} has no argv";
        }
        string? missing = argv.EnumerateArray().Take(2).Select(word => word.ToString())
            .FirstOrDefault(word => Path.IsPathFullyQualified(word) && !File.Exists(word));
        return missing is null ? null : $"{missing} is missing";
    }
}
