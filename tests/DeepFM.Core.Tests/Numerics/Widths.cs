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

    /// <summary>The kernels of a width; the test is skipped where the processor does not have it.</summary>
    public static Kernels Kernels(string width)
    {
        Assert.SkipUnless(IsAvailable(width), $"This processor has no registers of {width} bits.");
        return DeepFM.Numerics.Kernels.Choose(width);
    }

    public static bool IsAvailable(string width) => width switch
    {
        "512" => Vector512.IsHardwareAccelerated,
        "256" => Vector256.IsHardwareAccelerated,
        _ => true,
    };
}
