using System.CommandLine;
using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Research;
using DeepFM.Research.Plans;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The options of reproduce and plan, which are the same.</summary>
sealed class ReproduceOptions
{
    readonly Option<string> profile = new("--profile")
    {
        Description = string.Join("; ", Profile.All.Select(profile => $"{profile.Name}: {profile.Description}")) + ".",
        HelpName = "NAME",
        DefaultValueFactory = _ => Profile.Names[0],
    };

    readonly Option<string> only = new("--only")
    {
        Description = $"Tables and figures to make, separated by commas: {string.Join(", ", ReproductionOptions.PartNames)}. Default: all.",
        HelpName = "NAMES",
    };

    readonly Option<string> models = new("--models")
    {
        Description = $"Models, separated by commas: {string.Join(", ", ModelCatalog.Names)}. Default: all.",
        HelpName = "NAMES",
    };

    readonly Option<string> seeds = new("--seeds")
    {
        Description = "Seeds, separated by commas. Default: the profile's, 1 to 2, 3 or 5.",
        HelpName = "N,N,…",
    };

    readonly Option<string> preset = new("--preset")
    {
        Description = "Whole settings as a publication states them, in place of the profile's: " + string.Join(", ", Presets.Names) + ".",
        HelpName = "NAME",
    };

    readonly Option<string[]> set = SharedOptions.Set();
    readonly DataOptions data = new(required: false);
    readonly Option<int> threads = SharedOptions.Threads();

    readonly Option<int> jobs = SharedOptions.WholeNumber("--jobs",
        "Runs side by side, each with its share of the threads; runs that are timed stay alone. Default: the profile's.", null, 1, 1024);

    readonly Option<string> output = new("--out")
    {
        Description = "Directory for report.html, report.md, CSV of every table, and runs/. Default: runs/reproduce-PROFILE. Runs that are "
            + "there are not repeated, but those with another numerics version or other registers than the runs to come.",
        HelpName = "DIR",
    };

    readonly Option<bool> force = SharedOptions.Force("runs in --out that were made with other data");

    public IEnumerable<Option> All => [profile, only, models, seeds, .. data.All, preset, set, output, jobs, threads, force];

    /// <summary>What was asked for; a view that is given is told how it goes.</summary>
    public Reproduction Read(ParseResult parsed, ProgressView? view = null, bool reportOnly = false)
    {
        Profile size = Profile.Get(parsed.GetValue(profile)!);
        int threadCount = parsed.GetValue(threads);
        ReproductionOptions options = new() { Profile = size, Assignments = parsed.GetValue(set) ?? [] };
        if (parsed.GetValue(only) is { } parts) { options = options with { Parts = Names(parts) }; }
        if (parsed.GetValue(models) is { } names) { options = options with { Models = Names(names) }; }
        if (parsed.GetValue(seeds) is { } numbers) { options = options with { Seeds = SharedOptions.Seeds(numbers) }; }
        if (parsed.GetValue(preset) is { } publication) { options = options with { Preset = Presets.Get(publication) }; }
        string directory = parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{size.Name}");
        DataRequest? request = data.RequestIfGiven(parsed, threadCount);
        return new(options, request is null ? GeneratedData.Of(size, Path.Combine(directory, "data")) : new FileData(request), directory,
            threadCount)
        {
            Jobs = parsed.GetResult(jobs) is null ? null : parsed.GetValue(jobs),
            Replace = parsed.GetValue(force),
            ReportOnly = reportOnly,
            Preparation = view,
            Reading = view,
            Running = view is null ? null : new PlanNarrator(view),
        };
    }

    static string[] Names(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
