using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>tanh x, lane by lane.</summary>
/// <remarks>
/// x·P(x²)/Q(x²), P and Q of degree 5, met with tanh at the 11 positive zeros of a Chebyshev polynomial on [−9, 9]. With the
/// coefficients that float32 has the quotient is off by 3.9·10⁻⁸ of its value at most, less than a rounding. All are positive, so that no sum loses
/// digits, and what sums, products and the quotient round off stays within a few roundings. Beyond 9 float32 has no number between
/// tanh x and 1.
/// </remarks>
static class HyperbolicTangent<S, V>
    where S : ISimd<V>
    where V : struct
{
    const float Last = 9;

    /// <summary>tanh x; NaN where x is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        V minus = S.Max(S.Subtract(S.Zero, S.Abs(x)), S.Broadcast(-Last));          // −min(|x|, 9)
        V z = S.Multiply(minus, minus);
        V p = S.MultiplyAdd(S.Broadcast(2.95416950298e-11f), z, S.Broadcast(9.83316358534e-8f));
        p = S.MultiplyAdd(p, z, S.Broadcast(3.98641135327e-5f));
        p = S.MultiplyAdd(p, z, S.Broadcast(0.004328735102f));
        p = S.MultiplyAdd(p, z, S.Broadcast(0.140253627199f));
        p = S.MultiplyAdd(p, z, S.Broadcast(0.999999979295f));
        V q = S.MultiplyAdd(S.Broadcast(2.49826552336e-9f), z, S.Broadcast(2.38715856728e-6f));
        q = S.MultiplyAdd(q, z, S.Broadcast(0.000482419256685f));
        q = S.MultiplyAdd(q, z, S.Broadcast(0.0288577622866f));
        q = S.MultiplyAdd(q, z, S.Broadcast(0.473586888761f));
        q = S.MultiplyAdd(q, z, S.Broadcast(1));
        return S.CopySign(S.Max(S.Divide(S.Multiply(minus, p), q), S.Broadcast(-1)), x);      // roundings may pass 1
    }
}
