using DeepFM.Training;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in a run, told from its report, or before it from its settings.</summary>
static class RunDoubts
{
    /// <summary>A sentence a doubt that settings and the size of the data tell.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="trainRows">Training rows.</param>
    /// <param name="fieldCount">F.</param>
    public static IEnumerable<string> Of(RunSettings settings, int trainRows, int fieldCount)
    {
        int BatchOf(TrainingOptions options) => options.ForRows(trainRows).BatchSize;
        int first = settings.CreateModel().Pretraining is null ? 0 : BatchOf(settings.Pretraining ?? settings.Training);
        return NormOfOneRow.Find(settings, trainRows, fieldCount, BatchOf(settings.Training))
            .Concat(OptionsAtOdds.Find(settings, BatchOf(settings.Training), first));
    }

    /// <summary>A sentence a doubt; none where all is well.</summary>
    public static IEnumerable<string> Of(RunReport report) =>
    [
        .. PartOfOneClass.Find(report),
        .. SharesOfPositives.Find(report),
        .. report.Valid is { } valid ? EvaluationDoubts.OfFigures("validation", valid) : [],
        .. report.Test is { } test ? EvaluationDoubts.OfFigures("test", test) : [],
        .. NormOfOneRow.Find(report.Settings, report.Data.Train.Rows, report.Data.FieldCount, report.Training.BatchSize),
        .. OptionsAtOdds.Find(report.Settings, report.Training.BatchSize, report.Pretraining?.BatchSize ?? 0),
        .. LastEpochBest.Find(report),
    ];
}
