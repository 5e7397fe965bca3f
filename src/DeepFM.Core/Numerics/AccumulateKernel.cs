using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Sums the row gradients of a batch by id, in sample order, so that each touched row is stepped once.</summary>
static unsafe class AccumulateKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>sums[slot of ids[b]] += gradients[b] for all b.</summary>
    /// <param name="ids">[count].</param>
    /// <param name="count">Samples.</param>
    /// <param name="gradients">[count, width].</param>
    /// <param name="width">P: a multiple of 16, or less than one register.</param>
    /// <param name="slots">Grows by the ids that are new to it.</param>
    /// <param name="sums">[slots, width]; a new slot is overwritten, another added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneId(int* ids, int count, float* gradients, int width, ref SlotMap slots, float* sums)
    {
        SlotMap map = slots;                                    // a local copy can live in registers
        for (int b = 0; b < count; b++, gradients += width)
        {
            int slot = map.SlotOf(ids[b], out bool isNew);
            Add(sums + (nint)slot * width, gradients, width, isNew);
        }
        slots = map;
    }

    /// <summary>sums[slot of id] += weight·gradient.</summary>
    /// <param name="id">The row.</param>
    /// <param name="weight">The entry's weight or the field's value.</param>
    /// <param name="gradient">[width].</param>
    /// <param name="width">P: a multiple of 16, or less than one register.</param>
    /// <param name="slots">Grows by the id if it is new to it.</param>
    /// <param name="sums">[slots, width]; a new slot is overwritten, another added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Entry(int id, float weight, float* gradient, int width, ref SlotMap slots, float* sums)
    {
        float* sum = sums + (nint)slots.SlotOf(id, out bool isNew) * width;
        if (width >= S.Count)
        {
            Entry<S, V>(sum, gradient, weight, width, isNew);
        }
        else
        {
            Entry<SimdScalar, float>(sum, gradient, weight, width, isNew);
        }
    }

    /// <summary>The same for an entry that is a feature of its own in pair sums: sums[slot of id] += x·(gradient − f·∂L/∂z·x·V).</summary>
    /// <param name="id">The row.</param>
    /// <param name="weight">x.</param>
    /// <param name="gradient">With the sum over all features where the pair sum counts, [width].</param>
    /// <param name="gradLogit">∂L/∂z.</param>
    /// <param name="factors">f, how many pair sums of a column are in the logit, [width].</param>
    /// <param name="row">V and all other columns, [width].</param>
    /// <param name="width">P: a multiple of 16, or less than one register.</param>
    /// <param name="slots">Grows by the id if it is new to it.</param>
    /// <param name="sums">[slots, width]; a new slot is overwritten, another added to.</param>
    /// <remarks>Rounded as the sum was: of a feature that is alone in its row, exactly nothing is left.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PairedEntry(int id, float weight, float* gradient, float gradLogit, float* factors, float* row, int width,
        ref SlotMap slots, float* sums)
    {
        float* sum = sums + (nint)slots.SlotOf(id, out bool isNew) * width;
        if (width >= S.Count)
        {
            PairedEntry<S, V>(sum, gradient, weight, gradLogit, factors, row, width, isNew);
        }
        else
        {
            PairedEntry<SimdScalar, float>(sum, gradient, weight, gradLogit, factors, row, width, isNew);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(float* sum, float* gradient, int width, bool isNew)
    {
        if (width >= S.Count)
        {
            for (int p = 0; p < width; p += S.Count)
            {
                V g = S.Load(gradient + p);
                S.Store(isNew ? g : S.Add(S.Load(sum + p), g), sum + p);
            }
        }
        else
        {
            for (int p = 0; p < width; p++) { sum[p] = isNew ? gradient[p] : sum[p] + gradient[p]; }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Entry<T, U>(float* sum, float* gradient, float weight, int width, bool isNew)
        where T : ISimd<U>
        where U : struct
    {
        U factor = T.Broadcast(weight);
        for (int p = 0; p < width; p += T.Count)
        {
            T.Store(T.MultiplyAdd(factor, T.Load(gradient + p), isNew ? T.Zero : T.Load(sum + p)), sum + p);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PairedEntry<T, U>(float* sum, float* gradient, float weight, float gradLogit, float* factors, float* row, int width,
        bool isNew)
        where T : ISimd<U>
        where U : struct
    {
        U x = T.Broadcast(weight), logit = T.Broadcast(gradLogit);
        for (int p = 0; p < width; p += T.Count)
        {
            U own = T.Multiply(T.Multiply(logit, T.Load(factors + p)), T.Multiply(x, T.Load(row + p)));
            U others = T.Subtract(T.Load(gradient + p), own);
            T.Store(T.MultiplyAdd(x, others, isNew ? T.Zero : T.Load(sum + p)), sum + p);
        }
    }
}
