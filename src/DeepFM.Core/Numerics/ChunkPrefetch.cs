using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Asks for the next rows of two matrices, a few lines at a time, while the present ones are computed with.</summary>
unsafe struct ChunkPrefetch(float* a, nint aStride, int aColumns, float* b, nint bStride, int bColumns, int rows)
{
    readonly int aLines = (aColumns + Cache.LineFloats - 1) / Cache.LineFloats;
    readonly int bLines = (bColumns + Cache.LineFloats - 1) / Cache.LineFloats;
    int row, line;

    /// <summary>Lines of each of <paramref name="calls"/> calls that together cover all.</summary>
    public readonly int ShareOf(int calls) => rows <= 0 ? 0 : (rows * (aLines + bLines) + calls - 1) / Math.Max(calls, 1);

    /// <summary>Asks for the next lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int lines)
    {
        for (; lines > 0 && row < rows; lines--)
        {
            Cache.PrefetchSecondLevel(line < aLines
                ? a + row * aStride + line * Cache.LineFloats
                : b + row * bStride + (line - aLines) * Cache.LineFloats);
            if (++line == aLines + bLines)
            {
                line = 0;
                row++;
            }
        }
    }
}
