using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Which units of a layer a step drops: a hash of step, layer, row and unit, so nothing is stored.</summary>
/// <param name="Key1">Of seed, step and layer.</param>
/// <param name="Key2">Of seed, step and layer.</param>
/// <param name="Threshold">A unit stays when its 32 random bits are at least this: DropRate·2³².</param>
/// <param name="Scale">1/(1 − DropRate), on the units that stay (inverted dropout).</param>
readonly record struct DropoutMask(uint Key1, uint Key2, uint Threshold, float Scale)
{
    /// <summary>Keeps every unit.</summary>
    public static DropoutMask None => new(0, 0, 0, 1);

    /// <summary>The mask of a layer in a step.</summary>
    public static DropoutMask Of(float dropRate, ulong key) => dropRate == 0
        ? None
        : new((uint)key, (uint)(key >> 32), (uint)(dropRate * 4294967296.0), 1 / (1 - dropRate));

    /// <summary>a·Scale in the lanes that stay, else 0, for the units from <paramref name="position"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<S, V>(V a, uint position)
        where S : ISimd<V>
        where V : struct
    {
        // Two rounds of multiply and shift, the constants of Wellons' lowbias32, with a key before each.
        V bits = S.AddBits(S.SequenceBits(position), Key1);
        bits = S.MultiplyBits(S.XorShiftBits(bits, 16), 0x7FEB352D);
        bits = S.AddBits(S.XorShiftBits(bits, 15), Key2);
        bits = S.XorShiftBits(S.MultiplyBits(bits, 0x846CA68B), 16);
        return S.WhereBitsAtLeast(bits, Threshold, S.Multiply(a, S.Broadcast(Scale)));
    }
}
