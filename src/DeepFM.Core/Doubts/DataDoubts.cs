using DeepFM.Data;
using DeepFM.Data.Encoders;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in encoded data, whatever is trained on them.</summary>
static class DataDoubts
{
    /// <summary>A sentence a doubt about data that are loaded; none where all is well.</summary>
    /// <param name="data">The data.</param>
    /// <param name="joins">What joins find in training, validation and test rows, and which part of it these are.</param>
    public static IEnumerable<string> Of(DataSplits data, IReadOnlyList<(JoinTally Tally, int Part)> joins) =>
    [
        .. OfTraining(data.Features),
        .. data.Valid is { RowCount: > 0 } valid ? OfPart("validation", valid, data.Features, joins[1]) : [],
        .. data.Test is { RowCount: > 0 } test ? OfPart("test", test, data.Features, joins[2]) : [],
    ];

    /// <summary>About files that are described as if they were to train.</summary>
    public static IEnumerable<string> OfDescribed(FeatureMap features) =>
    [
        .. Some(PartOfOneClass.OfTraining(features.TrainingRowCount, features.TrainingPositiveCount)),
        .. OfTraining(features),
    ];

    /// <summary>About rows of files that come in pieces and are only evaluated or scored, of which others than their classes are told.</summary>
    public static IEnumerable<string> OfFiles(FeatureMap features, ValueTally values, JoinTally joins, TimesOfAnotherUnit times, string part) =>
        [.. joins.Sentences(0, part), .. times.Sentences(part), .. UnknownValues.In(features, values, joins, 0, part)];

    static IEnumerable<string> OfTraining(FeatureMap features) =>
    [
        .. Some(FewOfAClass.Sentence("training", features.TrainingRowCount, features.TrainingPositiveCount)),
        .. features.Joins.Sentences(0, "training"),
        .. UnknownValues.InTraining(features),
        .. SizesOfNumbers.Find(features),
    ];

    static IEnumerable<string> OfPart(string name, EncodedData rows, FeatureMap features, (JoinTally Tally, int Part) joins)
    {
        ValueTally values = new(features);
        values.Add(rows);
        return
        [
            .. Some(PartOfOneClass.Sentence(name, rows.RowCount, rows.PositiveCount)),
            .. Some(FewOfAClass.Sentence(name, rows.RowCount, rows.PositiveCount)),
            .. joins.Tally.Sentences(joins.Part, name),
            .. UnknownValues.In(features, values, joins.Tally, joins.Part, name),
        ];
    }

    static IEnumerable<string> Some(string? sentence) => sentence is null ? [] : [sentence];
}
