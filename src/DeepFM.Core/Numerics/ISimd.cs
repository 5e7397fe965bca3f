namespace DeepFM.Numerics;

/// <summary>The vector operations that kernels are written in, for one register width; V is the register.</summary>
/// <remarks>
/// A kernel is written once, generic over the width; the compiler makes one body a width, all calls inlined. Lanes are
/// float; the methods named …Bits treat the same lanes as 32-bit unsigned integers.
/// </remarks>
unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>Lanes of a register.</summary>
    static abstract int Count { get; }

    /// <summary>Registers of a row of the matrix kernel's block: 5 where there are 32 registers of this width.</summary>
    static abstract int BlockVectors { get; }

    static abstract V Zero { get; }

    static abstract V Load(float* from);

    static abstract void Store(V value, float* to);

    /// <summary>The first <paramref name="count"/> lanes, the others 0; nothing beyond them is read.</summary>
    static abstract V LoadPart(float* from, int count);

    /// <summary>Stores the first <paramref name="count"/> lanes; nothing beyond them is written.</summary>
    static abstract void StorePart(V value, float* to, int count);

    static abstract V Broadcast(float value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a·b + c, fused where the processor can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Sqrt(V a);

    static abstract V Abs(V a);

    static abstract V Max(V a, V b);

    /// <summary>a in the lanes where x &gt; y, else 0.</summary>
    static abstract V WhereGreater(V x, V y, V a);

    /// <summary>The magnitude of a with the sign of s.</summary>
    static abstract V CopySign(V a, V s);

    /// <summary>Sum of the lanes.</summary>
    static abstract float Sum(V a);

    /// <summary>Lane i holds the integer first + i.</summary>
    static abstract V SequenceBits(uint first);

    /// <summary>a ⊕ (a ≫ shift), on integer lanes.</summary>
    static abstract V XorShiftBits(V a, int shift);

    /// <summary>a + term, on integer lanes.</summary>
    static abstract V AddBits(V a, uint term);

    /// <summary>a·factor, on integer lanes.</summary>
    static abstract V MultiplyBits(V a, uint factor);

    /// <summary>a in the lanes whose bits are at least the threshold as unsigned integers, else 0.</summary>
    static abstract V WhereBitsAtLeast(V bits, uint threshold, V a);

    /// <summary>Bit i is set when lane i is not 0. −0 is 0; NaN is not.</summary>
    static abstract uint NonZeroBits(V a);
}
