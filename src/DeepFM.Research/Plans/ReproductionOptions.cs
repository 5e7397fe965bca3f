using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>What a reproduction makes, with which models, seeds and settings.</summary>
public sealed record ReproductionOptions
{
    /// <summary>The tables and figures that there are.</summary>
    public static IReadOnlyList<string> PartNames { get; } =
        ["table1", "table2", "figure6", "figure7", "figure8", "figure9", "figure10", "figure11"];

    /// <summary>How much of everything.</summary>
    public Profile Profile { get; init; } = Profile.All[0];

    /// <summary>The tables and figures to make. Default all. Order does not matter.</summary>
    /// <exception cref="UserErrorException">One does not exist, or comes twice.</exception>
    public IReadOnlyList<string> Parts
    {
        get;
        init => field = Distinct("table or figure", value, PartNames);
    } = PartNames;

    /// <summary>The models, by their names in the catalog. Default all: the paper's nine and the extended version's.</summary>
    /// <exception cref="UserErrorException">One does not exist, or comes twice.</exception>
    public IReadOnlyList<string> Models
    {
        get;
        init => field = Distinct("model", value, ModelCatalog.Names);
    } = ModelCatalog.Names;

    /// <summary>Seeds of the runs; empty takes the profile's.</summary>
    /// <exception cref="UserErrorException">One comes twice.</exception>
    public IReadOnlyList<ulong> Seeds
    {
        get;
        init => field = [.. Distinct("seed", [.. value.Select(seed => $"{seed}")], null).Select(ulong.Parse)];
    } = [];

    /// <summary>Whole settings from a publication, in place of the profile's; null for the profile's.</summary>
    public Preset? Preset { get; init; }

    /// <summary>Changes of single options for all models, as key=value, on top of the others.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>The seeds that are used.</summary>
    public IReadOnlyList<ulong> EffectiveSeeds =>
        Seeds.Count > 0 ? Seeds : [.. Enumerable.Range(1, Profile.SeedCount).Select(seed => (ulong)seed)];

    static string[] Distinct(string what, IReadOnlyList<string> names, IReadOnlyList<string>? known)
    {
        foreach (string name in names)
        {
            if (known?.Contains(name) == false) { throw UnknownName.Error(what, name, known); }
        }
        if (names.Count == 0 && known is not null) { throw new UserErrorException($"A reproduction needs at least one {what}."); }
        return names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UserErrorException($"The {what} {twice.Key} is given more than once; give each {what} once.")
            : [.. names];
    }
}
