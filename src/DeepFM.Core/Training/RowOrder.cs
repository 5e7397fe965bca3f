using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>The order in which an epoch visits the training rows.</summary>
static class RowOrder
{
    const ulong Stream = 0x726F_7773;       // "rows": keeps these numbers apart from the weights' and the dropout's

    /// <summary>Shuffles; every order is equally likely, up to the generator.</summary>
    /// <param name="rows">Overwritten with a permutation of 0 … Length − 1.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="epoch">From 1; each has its own order, which does not depend on those before it.</param>
    /// <remarks>Fisher–Yates, from numbers that are a function of (seed, epoch, position) alone.</remarks>
    public static void Shuffle(Span<int> rows, ulong seed, int epoch)
    {
        for (int i = 0; i < rows.Length; i++) { rows[i] = i; }
        ulong key = CounterRandom.Key(seed, Stream, (ulong)epoch);
        for (int i = rows.Length - 1; i > 0; i--)
        {
            int j = CounterRandom.Below(key, (ulong)i, i + 1);
            (rows[i], rows[j]) = (rows[j], rows[i]);
        }
    }
}
