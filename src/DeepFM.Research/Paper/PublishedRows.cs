using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Paper;

/// <summary>The rows that published figures are of, told by their numbers: a schema's name says nothing of a file.</summary>
/// <param name="Parts">Training, validation and test rows; null where the publication says no more than how many there are in all.</param>
/// <param name="Count">Rows of all parts.</param>
/// <param name="Positives">How many of them are positive.</param>
public sealed record PublishedRows((int Train, int Valid, int Test)? Parts, int Count, int Positives)
{
    /// <summary>Whether rows are these: as many in each part, and as many positives.</summary>
    public bool Are(DataReport data) => (Parts is null || Parts == PartsOf(data)) && Count == CountOf(data) && Positives == PositivesOf(data);

    /// <summary>"1 training, 2 validation and 3 test rows with 4 positives", or "6 rows with 4 positives".</summary>
    public override string ToString() => Words(Parts, Count, Positives);

    /// <summary>The same of rows that are here.</summary>
    public string WordsOf(DataReport data) => Words(Parts is null ? null : PartsOf(data), CountOf(data), PositivesOf(data));

    static string Words((int Train, int Valid, int Test)? parts, int count, int positives) => (parts is { } three
        ? Invariant($"{three.Train:N0} training, {three.Valid:N0} validation and {three.Test:N0} test rows")
        : Invariant($"{count:N0} rows")) + Invariant($" with {positives:N0} positives");

    static (int, int, int) PartsOf(DataReport data) => (data.Train.Rows, data.Valid?.Rows ?? 0, data.Test?.Rows ?? 0);

    static IEnumerable<SplitReport> Splits(DataReport data) => new[] { data.Train, data.Valid, data.Test }.OfType<SplitReport>();

    static int CountOf(DataReport data) => Splits(data).Sum(split => split.Rows);

    static int PositivesOf(DataReport data) => (int)Splits(data).Sum(split => Math.Round(split.Rows * split.PositiveRate));
}
