using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Scores of rows that come in pieces, against those of all rows at once.</summary>
public sealed class PieceScoresTests : IDisposable
{
    static readonly ModelOptions settings = TestData.SmallModel with { EmbeddingSize = 7, HiddenWidths = [70, 33, 20] };
    readonly EncodedData data = TestData.Random(fieldCount: 5, rows: 331, seed: 75, idsPerField: 23);
    readonly Engine engine;

    public PieceScoresTests() =>
        engine = new(new DeepFmModel(settings).Build(5), data.Fields, new() { BatchSize = 128 }, seed: 1, threads: 2);

    // Only with registers enough do the rows of a tile share their products' sums; elsewhere a score stands by itself in any case.
    [Theory]
    [InlineData(331)]
    [InlineData(1)]
    [InlineData(7, 52, 2, 60, 59)]
    [InlineData(120, 61, 90)]
    [InlineData(60)]
    [InlineData(7, 0, 60)]
    public void TheSameBits_HoweverTheRowsAreCut(params int[] lengths)
    {
        float[] expected = new float[data.RowCount];
        engine.Score(data, 0, expected);

        List<float> actual = [];
        foreach (ReadOnlyMemory<float> part in PieceScores.Of(engine, Pieces(lengths), null, default)) { actual.AddRange(part.Span); }

        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void AScoreThatIsNotFinite_IsNamedByItsRowOverAllPieces()
    {
        int[] ids = [.. Enumerable.Range(0, data.RowCount).Select(row => data.Ids(row)[0])];
        int first = Enumerable.Range(60, data.RowCount - 60).First(row => Array.IndexOf(ids, ids[row]) >= 60), id = ids[first];
        engine.Parameters.WriteRows("linear", id, [float.NaN]);
        Assert.Contains($"The model's output for row {first} (counted from 0, over all files) is NaN.",
            Assert.Throws<UserErrorException>(() => Evaluation.Evaluate(engine, Pieces(60))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFiguresAreThoseOfAllRows()
    {
        string group = data.Fields[0].Name;
        EvaluationMetrics expected = Evaluation.Evaluate(engine, data, group);

        Assert.Equal(expected, Evaluation.Evaluate(engine, Pieces(13, 100, 61), group));
    }

    public void Dispose()
    {
        engine.Dispose();
        data.Dispose();
    }

    // Copies of the rows, cut so and again from the first length on.
    IEnumerable<EncodedData> Pieces(params int[] lengths)
    {
        for (int row = 0, i = 0; row < data.RowCount; i++)
        {
            int length = Math.Min(lengths[i % lengths.Length], data.RowCount - row);
            EncodedDataBuilder piece = new(data.Fields);
            piece.Append(data, row, length);
            row += length;
            yield return piece.Build();
        }
    }
}
