using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>One lane: kernels finish with it what does not fill a register.</summary>
readonly unsafe struct SimdScalar : ISimd<float>
{
    public static int Count => 1;

    public static int BlockVectors => 1;

    public static float Zero => 0;

    public static float Load(float* from) => *from;

    public static void Store(float value, float* to) => *to = value;

    public static float LoadPart(float* from, int count) => count > 0 ? *from : 0;

    public static void StorePart(float value, float* to, int count)
    {
        if (count > 0) { *to = value; }
    }

    public static float Broadcast(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    public static float Sqrt(float a) => MathF.Sqrt(a);

    public static float Abs(float a) => MathF.Abs(a);

    public static float Max(float a, float b) => MathF.Max(a, b);

    public static float WhereGreater(float x, float y, float a) => x > y ? a : 0;

    public static float CopySign(float a, float s) => MathF.CopySign(a, s);

    public static float Sum(float a) => a;

    public static float SequenceBits(uint first) => BitConverter.UInt32BitsToSingle(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float XorShiftBits(float a, int shift)
    {
        uint bits = BitConverter.SingleToUInt32Bits(a);
        return BitConverter.UInt32BitsToSingle(bits ^ (bits >> shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddBits(float a, uint term) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a) + term);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyBits(float a, uint factor) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(a) * factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WhereBitsAtLeast(float bits, uint threshold, float a) =>
        BitConverter.SingleToUInt32Bits(bits) >= threshold ? a : 0;

    public static uint NonZeroBits(float a) => a == 0 ? 0u : 1u;
}
