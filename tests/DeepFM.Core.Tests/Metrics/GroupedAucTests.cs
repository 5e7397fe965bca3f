using CsCheck;
using DeepFM.Metrics;

namespace DeepFM.Core.Tests;

public class GroupedAucTests
{
    [Fact]
    public void Of_TheTwoDefinitionsDiffer_WhenGroupsDifferInSize()
    {
        // Group 7: 2 rows, AUC 1. Group 3: 4 rows, AUC ½ (all ties). Group 0: one class, left out.
        GroupedAuc auc = GroupedAuc.Of(
            [0.9f, 1f, 0.1f, 1f, 1f, 0.3f, 0.2f, 1f, 5f],
            [1f, 0f, 0f, 1f, 0f, 0f, 0f, 1f, 0f],
            [7, 3, 7, 3, 3, 0, 0, 3, 0]);

        GroupedAuc expected =
            new(ImpressionWeighted: (2 * 1 + 4 * 0.5) / 6, PlainMean: 0.75, Groups: 2, LeftOutGroups: 1, LeftOutRows: 3);
        Assert.Equal(expected, auc);
    }

    [Fact]
    public void Of_AveragesTheAucOfEachGroup() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 9], Gen.Int[0, 1_000]).Sample((rows, groups, seed) =>
        {
            float[] scores = [.. Draw.Ints(rows, 6, seed).Select(score => (float)(score - 3))];
            float[] labels = Draw.Labels(rows, seed);
            // Ids up to 8 · 268,435,455, near the largest of an int.
            int[] groupIds = [.. Draw.Ints(rows, groups, seed + 1).Select(group => group * 268_435_455)];

            var byGroup = Enumerable.Range(0, rows).GroupBy(row => groupIds[row])
                .Select(group => (Rows: group.Count(),
                    Auc: Auc.Of([.. group.Select(row => scores[row])], [.. group.Select(row => labels[row])])))
                .ToLookup(group => group.Auc.HasValue);
            GroupedAuc actual = GroupedAuc.Of(scores, labels, groupIds);

            Assert.Equal(byGroup[true].Count(), actual.Groups);
            Assert.Equal(byGroup[false].Count(), actual.LeftOutGroups);
            Assert.Equal(byGroup[false].Sum(group => group.Rows), actual.LeftOutRows);
            if (actual.Groups == 0)
            {
                Assert.Null(actual.PlainMean);
                Assert.Null(actual.ImpressionWeighted);
                return;
            }
            Assert.Equal(byGroup[true].Average(group => group.Auc!.Value), actual.PlainMean!.Value, tolerance: 1e-14);
            int rowsOfBoth = byGroup[true].Sum(group => group.Rows);
            Assert.Equal(byGroup[true].Sum(group => group.Rows * group.Auc!.Value) / rowsOfBoth,
                actual.ImpressionWeighted!.Value, tolerance: 1e-14);
        });

    [Fact]
    public void Of_OneGroup_IsTheAuc()
    {
        float[] scores = Draw.Floats(101, seed: 1), labels = Draw.Labels(101, seed: 2);
        GroupedAuc auc = GroupedAuc.Of(scores, labels, new int[101]);
        Assert.Equal(Auc.Of(scores, labels), auc.PlainMean);
        Assert.Equal(Auc.Of(scores, labels)!.Value, auc.ImpressionWeighted!.Value, tolerance: 1e-15);
    }

    [Fact]
    public void Of_NamesTheRowWithANegativeGroup()
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => GroupedAuc.Of([1f, 2f], [0f, 1f], [4, -1]));
        Assert.Equal("Row 1 (counted from 0) has the group id -1; it must be 0 or more.", wrong.Message);
    }
}
