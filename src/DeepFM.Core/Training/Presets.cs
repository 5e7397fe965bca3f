using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>Whole settings, for every model of the catalog, as a publication states them.</summary>
/// <param name="Name">What the command takes.</param>
/// <param name="Description">Source and scope, one sentence.</param>
/// <param name="For">The settings of a model, by its catalog name.</param>
public sealed record Preset(string Name, string Description, Func<string, RunSettings> For);

/// <summary>The presets that can be chosen by name.</summary>
public static class Presets
{
    /// <summary>All presets.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("paper-criteo", "Guo et al. 2017, section 3.1: its Criteo settings; what it leaves open is the kit's default.",
            RunSettings.Default),
        new("bars-frappe", "BARS, Frappe_x1: the published configuration of each model.", BarsSettings.FrappeX1),
        new("bars-movielens", "BARS, MovielensLatest_x1: the published configuration of each model.",
            BarsSettings.MovielensX1),
        new("bars-criteo-x1", "BARS, Criteo_x1: the published configuration of each model.", BarsSettings.CriteoX1),
    ];

    /// <summary>The names of all presets.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>The preset called <paramref name="name"/>.</summary>
    /// <exception cref="UserErrorException">No preset has this name; the message lists all and gives the nearest.</exception>
    public static Preset Get(string name) =>
        All.FirstOrDefault(preset => preset.Name == name) ?? throw UnknownName.Error("preset", name, Names);
}
