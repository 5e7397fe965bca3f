using DeepFM.Training;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in a run that has ended, told from its report.</summary>
static class RunDoubts
{
    /// <summary>A sentence a doubt; none where all is well.</summary>
    public static IEnumerable<string> Of(RunReport report) =>
    [
        .. PartOfOneClass.Find(report),
        .. SharesOfPositives.Find(report),
        .. report.Valid is { } valid ? EvaluationDoubts.OfFigures("validation", valid) : [],
        .. report.Test is { } test ? EvaluationDoubts.OfFigures("test", test) : [],
        .. NormOfOneRow.Find(report),
        .. OptionsAtOdds.Find(report),
        .. LastEpochBest.Find(report),
    ];
}
