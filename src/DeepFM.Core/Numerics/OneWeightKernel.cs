using System.Runtime.CompilerServices;
using DeepFM.Training;

namespace DeepFM.Numerics;

/// <summary>A feature table of one weight a row, [w | state 1 | state 2 | gradient], 16 bytes: logistic regression.</summary>
/// <remarks>
/// The gradient of a batch is summed in the row itself, which is on the same cache line, so no map from ids to sums is
/// needed. A row that the batch has not touched holds −0 there, which no sum of gradients gives.
/// </remarks>
static unsafe class OneWeightKernel
{
    /// <summary>Floats of a row.</summary>
    public const int Stride = 4;

    /// <summary>Where the sum of gradients stands in a row.</summary>
    public const int Gradient = 3;

    const int Ahead = 16;           // entries; a row comes from the third-level cache in about their time

    /// <summary>Adds a gradient to the row of each id, in order, and lists the rows that were untouched.</summary>
    /// <param name="table">Row 0.</param>
    /// <param name="ids">[count].</param>
    /// <param name="gradients">[count].</param>
    /// <param name="count">Entries.</param>
    /// <param name="touched">Written from <paramref name="touchedCount"/> on; room for all entries and one more.</param>
    /// <param name="touchedCount">Rows listed so far.</param>
    /// <returns>Rows listed now.</returns>
    public static int Accumulate(float* table, int* ids, float* gradients, int count, int* touched, int touchedCount)
    {
        for (int b = 0; b < count; b++)
        {
            if (b + Ahead < count) { Cache.Prefetch(table + (nint)ids[b + Ahead] * Stride, Stride); }
            touchedCount = Add(table, ids[b], gradients[b], touched, touchedCount);
        }
        return touchedCount;
    }

    /// <summary>Adds a gradient to one row; the rest as <see cref="Accumulate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(float* table, int id, float gradient, int* touched, int touchedCount)
    {
        float* sum = table + (nint)id * Stride + Gradient;
        float before = *sum;
        *sum = before + (gradient + 0f);                        // + 0 makes a −0 an ordinary 0
        touched[touchedCount] = id;                             // kept by the count alone: half the branches would miss
        return touchedCount + (BitConverter.SingleToUInt32Bits(before) == 0x8000_0000 ? 1 : 0);
    }

    /// <summary>Steps the touched rows and marks them as untouched.</summary>
    /// <param name="kind">The optimizer.</param>
    /// <param name="table">Row 0.</param>
    /// <param name="touched">[count], distinct.</param>
    /// <param name="count">Rows.</param>
    /// <param name="l2">λ.</param>
    /// <param name="step">The step's constants.</param>
    public static void Step(OptimizerKind kind, float* table, int* touched, int count, float l2, in OptimizerStep step)
    {
        switch (kind)
        {
            case OptimizerKind.Adam: Step<AdamRule>(table, touched, count, l2, step); break;
            case OptimizerKind.Ftrl: Step<FtrlRule>(table, touched, count, l2, step); break;
            case OptimizerKind.Adagrad: Step<AdagradRule>(table, touched, count, l2, step); break;
            default: Step<SgdRule>(table, touched, count, l2, step); break;
        }
    }

    static void Step<R>(float* table, int* touched, int count, float l2, in OptimizerStep step)
        where R : IOptimizerRule
    {
        OptimizerStep constants = step;                         // a local copy can live in registers
        for (int i = 0; i < count; i++)
        {
            float* row = table + (nint)touched[i] * Stride;
            float w = row[0], state1 = row[1], state2 = row[2];
            float gradient = float.MultiplyAddEstimate(l2, w, row[Gradient]);
            R.Apply<SimdScalar, float>(ref w, ref state1, ref state2, gradient, constants);
            row[0] = w;
            row[1] = state1;
            row[2] = state2;
            row[Gradient] = -0f;
        }
    }
}
