using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Copies and sums over rows of the feature table and rows of gradients.</summary>
static unsafe class RowKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>e_f = table[ids[f], column .. column + size) for adjoining fields.</summary>
    /// <param name="table">At the column of row 0.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="ids">[count].</param>
    /// <param name="count">Fields.</param>
    /// <param name="spilling">
    /// The first fields, copied in whole registers: up to a register past their end is read and overwritten.
    /// </param>
    /// <param name="size">K.</param>
    /// <param name="e">Overwritten, [count, K].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* table, nint stride, int* ids, int count, int spilling, int size, float* e)
    {
        int f = 0;
        for (; f < spilling; f++, e += size)
        {
            float* from = table + ids[f] * stride;
            for (int k = 0; k < size; k += S.Count) { S.Store(S.Load(from + k), e + k); }
        }
        for (; f < count; f++, e += size)
        {
            new ReadOnlySpan<float>(table + ids[f] * stride, size).CopyTo(new(e, size));
        }
    }

    /// <summary>to += weight·from, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* from, float weight, float* to, int count)
    {
        int k = 0;
        for (V w = S.Broadcast(weight); k <= count - S.Count; k += S.Count)
        {
            S.Store(S.MultiplyAdd(w, S.Load(from + k), S.Load(to + k)), to + k);
        }
        for (; k < count; k++) { to[k] = float.MultiplyAddEstimate(weight, from[k], to[k]); }
    }

    /// <summary>The gradients of a field's rows: a register at a time, the pieces of all columns put together.</summary>
    /// <param name="parts">What flows into each row, at the first sample.</param>
    /// <param name="field">The field.</param>
    /// <param name="gradLogits">∂L/∂logit of the samples, [count].</param>
    /// <param name="count">Samples.</param>
    /// <param name="linearMask">1 in the first-order columns, else 0, [P].</param>
    /// <param name="width">P.</param>
    /// <param name="to">Overwritten, [count, P].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(ReadOnlySpan<RowPart> parts, int field, float* gradLogits, int count,
        float* linearMask, int width, float* to)
    {
        if (parts.Length == 1 && width == S.Count)
        {
            OneRegister(parts[0], field, gradLogits, count, linearMask, to);
            return;
        }
        for (int sample = 0; sample < count; sample++, to += width)
        {
            if (width >= S.Count)
            {
                Gradient<S, V>(parts, sample, field, gradLogits[sample], linearMask, width, to);
            }
            else
            {
                Gradient<SimdScalar, float>(parts, sample, field, gradLogits[sample], linearMask, width, to);
            }
        }
    }

    /// <summary>Σ of squares, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredNorm(float* x, long count)
    {
        double total = 0;
        long i = 0;
        while (i <= count - S.Count)                            // float sums of a few thousand, added up in double
        {
            V sum = S.Zero;
            for (long end = Math.Min(count, i + 4096); i <= end - S.Count; i += S.Count)
            {
                V v = S.Load(x + i);
                sum = S.MultiplyAdd(v, v, sum);
            }
            total += S.Sum(sum);
        }
        for (; i < count; i++) { total += (double)x[i] * x[i]; }
        return total;
    }

    // The usual row, one embedding and first-order weights in one register: as below, with all that is fixed kept.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OneRegister(RowPart part, int field, float* gradLogits, int count, float* linearMask, float* to)
    {
        V linear = S.Load(linearMask), mask = S.Load(part.Mask), factor = S.Broadcast(part.PairFactor);
        nint at = field * part.Size - part.Column, sumAt = -part.Column;
        float* gradient = part.Gradient + at, value = part.Value + at;
        float* fieldSum = part.FieldSum + sumAt, sumGradient = part.SumGradient + sumAt;
        for (int sample = 0; sample < count; sample++, to += S.Count)
        {
            V logit = S.Broadcast(gradLogits[sample]), e = S.Zero;
            if (part.Gradient != null)
            {
                e = S.Load(gradient);
                gradient += part.GradientStride;
            }
            if (part.PairFactor != 0)
            {
                e = S.MultiplyAdd(S.Multiply(logit, factor), S.Subtract(S.Load(fieldSum), S.Load(value)), e);
                fieldSum += part.FieldSumStride;
                value += part.ValueStride;
            }
            if (part.SumGradient != null)
            {
                e = S.Add(e, S.Load(sumGradient));
                sumGradient += part.SumGradientStride;
            }
            S.Store(S.MultiplyAdd(e, mask, S.Multiply(logit, linear)), to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Gradient<T, U>(ReadOnlySpan<RowPart> parts, int sample, int field, float gradLogit,
        float* linearMask, int width, float* to)
        where T : ISimd<U>
        where U : struct
    {
        U logit = T.Broadcast(gradLogit);
        for (int p = 0; p < width; p += T.Count)
        {
            U sum = T.Multiply(logit, T.Load(linearMask + p));
            foreach (ref readonly RowPart part in parts)
            {
                if (p + T.Count <= part.Column || p >= part.Column + part.Size) { continue; }
                // Pointers are shifted so that lane i meets column p + i; lanes of other columns are masked out.
                nint shift = p - part.Column, at = field * part.Size + shift;
                U value = part.Gradient == null ? T.Zero : T.Load(part.Gradient + sample * part.GradientStride + at);
                if (part.PairFactor != 0)
                {
                    // ∂/∂e[f,k] of the pair sum is fieldSum[k] − e[f,k]: every other field's value in column k.
                    U others = T.Subtract(T.Load(part.FieldSum + sample * part.FieldSumStride + shift),
                        T.Load(part.Value + sample * part.ValueStride + at));
                    value = T.MultiplyAdd(T.Multiply(logit, T.Broadcast(part.PairFactor)), others, value);
                }
                if (part.SumGradient != null)
                {
                    value = T.Add(value, T.Load(part.SumGradient + sample * part.SumGradientStride + shift));
                }
                sum = T.MultiplyAdd(value, T.Load(part.Mask + p), sum);
            }
            T.Store(sum, to + p);
        }
    }
}

/// <summary>How one embedding's columns of a row gradient come about, at the first sample of a tile.</summary>
/// <remarks>All of the buffers are readable for a register before and past their ends.</remarks>
unsafe struct RowPart
{
    /// <summary>First column in the row.</summary>
    public int Column;

    /// <summary>K.</summary>
    public int Size;

    /// <summary>1 in this embedding's columns, else 0, [P].</summary>
    public float* Mask;

    /// <summary>∂L/∂e from the layers above, [·, F, K]; null when there is none.</summary>
    public float* Gradient;

    /// <summary>Floats from sample to sample.</summary>
    public nint GradientStride;

    /// <summary>How often the pair sum stands in the logit; 0 or 1 in any sensible model.</summary>
    public float PairFactor;

    /// <summary>e, [·, F, K].</summary>
    public float* Value;

    /// <summary>Floats from sample to sample.</summary>
    public nint ValueStride;

    /// <summary>Σ_f e_f, [·, K].</summary>
    public float* FieldSum;

    /// <summary>Floats from sample to sample.</summary>
    public nint FieldSumStride;

    /// <summary>∂L/∂(Σ_f e_f), [·, K]; null when nothing but the pair sum uses the sum.</summary>
    public float* SumGradient;

    /// <summary>Floats from sample to sample.</summary>
    public nint SumGradientStride;
}
