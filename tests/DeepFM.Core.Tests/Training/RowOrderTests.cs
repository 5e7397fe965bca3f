using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public class RowOrderTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(1009)]
    public void Shuffle_IsAPermutation(int count)
    {
        int[] rows = Shuffled(count, seed: 1, epoch: 1);
        Assert.Equal(Enumerable.Range(0, count), rows.Order());
    }

    [Fact]
    public void Shuffle_DependsOnSeedAndEpochAlone()
    {
        Assert.Equal(Shuffled(101, 1, 1), Shuffled(101, 1, 1));
        Assert.NotEqual(Shuffled(101, 1, 1), Shuffled(101, 1, 2));
        Assert.NotEqual(Shuffled(101, 1, 1), Shuffled(101, 2, 1));
    }

    [Fact]
    public void Shuffle_GivesEveryOrderAlike()
    {
        const int draws = 24_000;
        Dictionary<string, int> counts = [];
        for (int epoch = 0; epoch < draws; epoch++)
        {
            string order = string.Join(',', Shuffled(4, seed: 7, epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        // χ² of 24 orders has 23 degrees of freedom: above 60 with probability 4e-5.
        double expected = draws / 24.0;
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => (count - expected) * (count - expected) / expected), 0, 60);
    }

    static int[] Shuffled(int count, ulong seed, int epoch)
    {
        int[] rows = new int[count];
        RowOrder.Shuffle(rows, seed, epoch);
        return rows;
    }
}
