using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>64 by 64 bits, a row a word.</summary>
static unsafe class BitMatrix
{
    /// <summary>Rows and columns of a block, and bits of a word.</summary>
    public const int Size = 64;

    /// <summary>Words of <paramref name="bits"/> bits.</summary>
    public static int WordsOf(int bits) => (bits + Size - 1) / Size;

    /// <summary>Turns rows into columns, in place: bit j of word i becomes bit i of word j.</summary>
    /// <remarks>Squares of half the size change places beside the diagonal, six times, down to single bits.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ulong* words)
    {
        ulong low = 0x0000_0000_FFFF_FFFF;
        for (int half = Size / 2; half > 0; half /= 2, low ^= low << half)
        {
            for (int i = 0; i < Size; i = (i + half + 1) & ~half)
            {
                ulong differing = ((words[i] >> half) ^ words[i + half]) & low;
                words[i] ^= differing << half;
                words[i + half] ^= differing;
            }
        }
    }
}
