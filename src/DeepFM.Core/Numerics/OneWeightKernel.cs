using System.Runtime.CompilerServices;
using DeepFM.Training;

namespace DeepFM.Numerics;

/// <summary>A feature table of one weight a row: logistic regression.</summary>
/// <remarks>
/// The weights lie side by side, so that a forward pass touches a quarter of the cache lines; what a step needs besides is a
/// row of 16 bytes, [state 1 | state 2 | gradient | –]. The gradient of a batch is summed in that row itself, which is on the
/// same cache line, so no map from ids to sums is needed. A row that the batch has not touched holds −0 there, which no sum
/// of gradients gives.
/// </remarks>
static unsafe class OneWeightKernel
{
    /// <summary>Floats of a row of states.</summary>
    public const int Stride = 4;

    /// <summary>Where the sum of gradients stands in a row of states.</summary>
    public const int Gradient = 2;

    const int Ahead = 16;           // entries; a row comes from the third-level cache in about their time

    /// <summary>Adds a gradient to the row of each id, in order, and lists the rows that were untouched.</summary>
    /// <param name="states">Row 0 of the states.</param>
    /// <param name="ids">[count].</param>
    /// <param name="gradients">[count].</param>
    /// <param name="count">Entries.</param>
    /// <param name="touched">Written from <paramref name="touchedCount"/> on; room for all entries and one more.</param>
    /// <param name="touchedCount">Rows listed so far.</param>
    /// <returns>Rows listed now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Accumulate(float* states, int* ids, float* gradients, int count, int* touched, int touchedCount)
    {
        for (int b = 0; b < count; b++)
        {
            if (b + Ahead < count) { Cache.Prefetch(states + (nint)ids[b + Ahead] * Stride); }
            touchedCount = Add(states, ids[b], gradients[b], touched, touchedCount);
        }
        return touchedCount;
    }

    /// <summary>Adds a gradient to one row; the rest as <see cref="Accumulate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(float* states, int id, float gradient, int* touched, int touchedCount)
    {
        float* sum = states + (nint)id * Stride + Gradient;
        float before = *sum;
        *sum = before + (gradient + 0f);                        // + 0 makes a −0 an ordinary 0
        touched[touchedCount] = id;                             // kept by the count alone: half the branches would miss
        return touchedCount + (BitConverter.SingleToUInt32Bits(before) == 0x8000_0000 ? 1 : 0);
    }

    /// <summary>Steps the touched rows and marks them as untouched.</summary>
    /// <param name="kind">The optimizer.</param>
    /// <param name="weights">[N].</param>
    /// <param name="states">Row 0 of the states.</param>
    /// <param name="touched">[count], distinct.</param>
    /// <param name="count">Rows.</param>
    /// <param name="l2">λ.</param>
    /// <param name="step">The step's constants.</param>
    public static void Step(OptimizerKind kind, float* weights, float* states, int* touched, int count, float l2, in OptimizerStep step) =>
        Step(kind, weights, states, touched, count, null, 1, l2, step);

    /// <summary>Steps rows by gradients that are given, apart from those summed in the rows.</summary>
    /// <param name="kind">The optimizer.</param>
    /// <param name="weights">[N].</param>
    /// <param name="states">Row 0 of the states.</param>
    /// <param name="ids">[count], distinct.</param>
    /// <param name="count">Rows.</param>
    /// <param name="gradients">[count]; null for the sums in the rows, which are then marked as untouched.</param>
    /// <param name="scale">Factor on the gradients.</param>
    /// <param name="l2">λ.</param>
    /// <param name="step">The step's constants.</param>
    public static void Step(OptimizerKind kind, float* weights, float* states, int* ids, int count, float* gradients, float scale,
        float l2, in OptimizerStep step)
    {
        switch (kind)
        {
            case OptimizerKind.Adam: Step<AdamRule>(weights, states, ids, count, gradients, scale, l2, step); break;
            case OptimizerKind.Ftrl: Step<FtrlRule>(weights, states, ids, count, gradients, scale, l2, step); break;
            case OptimizerKind.Adagrad: Step<AdagradRule>(weights, states, ids, count, gradients, scale, l2, step); break;
            default: Step<SgdRule>(weights, states, ids, count, gradients, scale, l2, step); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Step<R>(float* weights, float* states, int* ids, int count, float* gradients, float scale, float l2,
        in OptimizerStep step)
        where R : IOptimizerRule
    {
        OptimizerStep constants = step;                         // a local copy can live in registers
        for (int i = 0; i < count; i++)
        {
            float* row = states + (nint)ids[i] * Stride;
            float w = weights[ids[i]], state1 = row[0], state2 = row[1];
            float sum = gradients == null ? row[Gradient] : gradients[i];
            float gradient = float.MultiplyAddEstimate(l2, w, sum) * scale;
            R.Apply<SimdScalar, float>(ref w, ref state1, ref state2, gradient, constants);
            weights[ids[i]] = w;
            row[0] = state1;
            row[1] = state2;
            if (gradients == null) { row[Gradient] = -0f; }
        }
    }
}
