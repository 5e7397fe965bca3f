using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class BitMatrixTests
{
    [Fact]
    public void Transpose_MovesEveryBitToItsMirror()
    {
        ulong[] rows = [.. Enumerable.Range(0, BitMatrix.Size).Select(i => CounterRandom.Key(1, (ulong)i))];
        ulong[] turned = [.. rows];

        fixed (ulong* words = turned) { BitMatrix.Transpose(words); }

        for (int i = 0; i < BitMatrix.Size; i++)
        {
            for (int j = 0; j < BitMatrix.Size; j++) { Assert.Equal((rows[i] >> j) & 1, (turned[j] >> i) & 1); }
        }
    }
}
