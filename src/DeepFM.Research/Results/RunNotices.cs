using System.Text.RegularExpressions;
using DeepFM.Training;

namespace DeepFM.Research.Results;

/// <summary>The notices of several runs: each kind once, with the runs that it is about where these are not all.</summary>
public static partial class RunNotices
{
    /// <summary>The sentences, in the order of the runs.</summary>
    /// <remarks>Sentences that differ in their figures alone are one kind; the first one's figures are told.</remarks>
    public static IReadOnlyList<string> Of(IReadOnlyList<RunReport> runs) =>
    [
        .. runs.SelectMany(run => run.Notices.Select(notice => (Run: run, Notice: notice)))
            .GroupBy(found => Figures().Replace(found.Notice, "#"))
            .Select(kind => Sentence([.. kind.DistinctBy(found => found.Run)], runs.Count)),
    ];

    static string Sentence(IReadOnlyList<(RunReport Run, string Notice)> kind, int runCount)
    {
        bool areAlike = kind.All(found => found.Notice == kind[0].Notice);
        if (areAlike && kind.Count == runCount) { return kind[0].Notice; }
        string first = $"{Words.Name(kind[0].Run.Settings.Model)}, seed {kind[0].Run.Seed}: {kind[0].Notice}";
        if (kind.Count == 1) { return first; }
        string models = Words.Models(kind.Select(found => found.Run.Settings.Model).Distinct());
        return $"{first} The same{(areAlike ? "" : ", with other figures,")} in {kind.Count} of the {runCount} runs ({models}).";
    }

    [GeneratedRegex(@"\d+([.,]\d+)*")]
    private static partial Regex Figures();
}
