using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>What the bits of a run's figures depend on beside its settings, its seed and its data.</summary>
/// <param name="Version">
/// <see cref="CurrentVersion"/> of the kit that made the run; null for a report that was written before there was one.
/// </param>
/// <param name="VectorBits">Width of the registers that the kernels used: sums over wider ones have other last bits.</param>
/// <param name="WidestVectorBits">
/// Width of the widest registers that the processor has, 0 without any: with wider ones there are also more of each width, and products
/// are shared between rows differently. Null like the version.
/// </param>
/// <param name="Commit">The kit's commit where there is no version; what else can tell the builds of that time apart.</param>
public sealed record Arithmetic(int? Version, int VectorBits, int? WidestVectorBits, string? Commit = null)
{
    /// <summary>
    /// The version of all that is computed from rows to figures. A change that gives a training or a score other bits raises it, and a
    /// test that pins these bits (<c>NumericsVersionTests</c>) fails until it is raised.
    /// </summary>
    public const int CurrentVersion = 1;

    /// <summary>That of this process.</summary>
    public static Arithmetic Current { get; } = new(CurrentVersion, Kernels.Current.Bits, Kernels.WidestBits);

    /// <summary>"numerics version 1, 512-bit vectors".</summary>
    public override string ToString()
    {
        string version = Version is { } known ? $"numerics version {known}"
            : Commit is { Length: >= 12 } commit ? $"numerics of commit {commit[..12]}, from before they had a version"
            : "numerics from before they had a version";
        string widest = WidestVectorBits is null || WidestVectorBits == VectorBits ? ""
            : WidestVectorBits == 0 ? " in software" : $" on a processor with {WidestVectorBits}-bit ones";
        return $"{version}, {VectorBits}-bit vectors{widest}";
    }
}
