using System.Runtime.Intrinsics;
using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>The register widths that kernels are tested at.</summary>
static class Widths
{
    /// <summary>Floats of the widest register: sizes up to four of these and one meet every remainder.</summary>
    public const int Largest = 16;

    /// <summary>In bits, as the variable that forces a width names them.</summary>
    public static TheoryData<string> All => ["512", "256", "128"];

    /// <summary>Sizes 1 … 4 registers + 1.</summary>
    public static IEnumerable<int> Sizes => Enumerable.Range(1, 4 * Largest + 1);

    /// <summary>The kernels of a width, also where the processor has only half of it; with less, the test is skipped.</summary>
    public static Kernels Kernels(string width)
    {
        bool hasHalf = width switch
        {
            "512" => Vector256.IsHardwareAccelerated,
            "256" => Vector128.IsHardwareAccelerated,
            _ => true,
        };
        Assert.SkipUnless(hasHalf, $"This processor has no registers of half of {width} bits; without them it takes too long.");
        return DeepFM.Numerics.Kernels.Of(width);
    }

    public static bool IsAvailable(string width) => width switch
    {
        "512" => Vector512.IsHardwareAccelerated,
        "256" => Vector256.IsHardwareAccelerated,
        _ => true,
    };
}
