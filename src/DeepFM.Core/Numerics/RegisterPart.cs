using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Some lanes of a register by way of the stack, for processors that have no masks.</summary>
static unsafe class RegisterPart<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <inheritdoc cref="ISimd{V}.LoadPart"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V Load(float* from, int count)
    {
        float* whole = stackalloc float[S.Count];
        for (int i = 0; i < S.Count; i++) { whole[i] = i < count ? from[i] : 0; }
        return S.Load(whole);
    }

    /// <inheritdoc cref="ISimd{V}.StorePart"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store(V value, float* to, int count)
    {
        float* whole = stackalloc float[S.Count];
        S.Store(value, whole);
        for (int i = 0; i < count; i++) { to[i] = whole[i]; }
    }
}
