using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Core.Tests.Layers;

/// <summary>No two units of a batch share a random number, however large batch and layer are.</summary>
public class DropoutPositionTests
{
    [Theory]
    [InlineData(1 << 20, 65_536)]
    [InlineData(1 << 20, 4_097)]
    [InlineData(1_000_003, 8_191)]
    public void RowsOfALargeBatch_HavePositionsOfTheirOwn(int batchSize, int width)
    {
        HashSet<(uint, uint, int)> seen = [];
        foreach ((Tile tile, DropoutMask mask, int firstRow) in Masks(batchSize, width))
        {
            Assert.True((firstRow + (long)tile.RowCount) * width <= 1L << 32, $"Row {tile.FirstRow} goes on at the beginning.");
            for (int r = 0; r < tile.RowCount; r++)
            {
                Assert.True(seen.Add((mask.Key1, mask.Key2, firstRow + r)), $"Row {tile.FirstRow + r} has the mask of another one.");
            }
        }
        Assert.Equal(batchSize, seen.Count);
    }

    [Theory]
    [InlineData(4096, 400)]
    [InlineData(1 << 20, 4096)]
    [InlineData(65_536, 65_536)]
    public void OtherBatches_HaveOneKeyAndTheirRows(int batchSize, int width) => Assert.All(Masks(batchSize, width), at =>
    {
        Assert.Equal(DropoutMask.Of(0.5f, CounterRandom.Key(77, 3)), at.Mask);
        Assert.Equal(at.Tile.FirstRow, at.FirstRow);
    });

    static unsafe List<(Tile Tile, DropoutMask Mask, int FirstRow)> Masks(int batchSize, int width)
    {
        using StepState state = new(batchSize, 1) { DropoutKey = 77 };
        state.Set(default, null, 0, batchSize);
        DenseNode node = new(3, new BiasNode(0, "bias"), width, Activation.Relu, 0.5f, BatchNorm: false, WeightInit.Glorot, "dense1");
        List<(Tile, DropoutMask, int)> masks = [];
        for (int index = 0; index < Tile.CountOf(batchSize); index++)
        {
            Tile tile = Tile.Of(index, batchSize, 0, training: true);
            (DropoutMask mask, int firstRow) = state.MaskOf(node, tile);
            masks.Add((tile, mask, firstRow));
        }
        return masks;
    }
}
