using DeepFM.Data;
using DeepFM.Research.Speed;

namespace DeepFM.Research.Tests.Speed;

public sealed class GeneratedRowsTests
{
    const int B = 10_007, F = 3, Vocabulary = 302;      // 100 ids a field

    [Fact]
    public void Ids_AreTheFieldsOwn_AndHeavyHeaded()
    {
        using EncodedData rows = GeneratedRows.Draw(B, F, Vocabulary, seed: 1);

        Assert.Equal((B, F, 300), (rows.RowCount, rows.FieldCount, rows.FeatureCount));
        for (int f = 0; f < F; f++)
        {
            int[] ids = [.. Enumerable.Range(0, B).Select(row => rows.Ids(row)[f] - rows.Fields[f].FirstId)];
            Assert.All(ids, id => Assert.InRange(id, 0, 99));
            // P(⌊u⁴·100⌋ < 1) = 0.01^¼; five standard deviations of a share of B draws are below 0.025.
            Assert.Equal(Math.Pow(0.01, 0.25), ids.Count(id => id == 0) / (double)B, tolerance: 0.025);
        }
    }

    [Fact]
    public void Labels_AreOneForAQuarter()
    {
        using EncodedData rows = GeneratedRows.Draw(B, F, Vocabulary, seed: 1);
        Assert.Equal(0.25, rows.Labels.ToArray().Average(), tolerance: 0.022);
    }

    [Fact]
    public void MoreIdsThanAnArrayHolds_AreRefused() => Assert.StartsWith("1048576 rows of 4096 fields are more than",
        Assert.Throws<UserErrorException>(() => GeneratedRows.Draw(1 << 20, 4096, 1 << 20, seed: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void SameSeed_SameRows()
    {
        static int[] Ids(int seed)
        {
            using EncodedData rows = GeneratedRows.Draw(11, F, Vocabulary, seed);
            return [.. Enumerable.Range(0, 11).SelectMany(row => rows.Ids(row).ToArray())];
        }

        Assert.Equal(Ids(seed: 5), Ids(seed: 5));
        Assert.NotEqual(Ids(seed: 5), Ids(seed: 6));
    }
}
