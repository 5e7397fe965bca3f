using DeepFM.Training;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in a run that has ended, told from its report.</summary>
static class RunDoubts
{
    /// <summary>A sentence a doubt; none where all is well.</summary>
    public static IEnumerable<string> Of(RunReport report) =>
    [
        .. LastEpochBest.Find(report),
    ];
}
