using System.Diagnostics;
using System.Text.Json.Serialization;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Research.Speed;

/// <summary>What every measurement says besides its figures.</summary>
/// <param name="Benchmark">Its name, as the command has it.</param>
public abstract record SpeedReport([property: JsonPropertyOrder(-1)] string Benchmark)
{
    /// <summary>Most memory that the process has had resident so far.</summary>
    [JsonPropertyOrder(1)]
    public long ResidentBytes { get; init; } = PeakWorkingSet();

    /// <summary>Bits of the registers that the kernels use; the variable DEEPFM_SIMD forces a width.</summary>
    [JsonPropertyOrder(1)]
    public int RegisterBits { get; init; } = Kernels.Current.Bits;

    /// <summary>Where it was measured.</summary>
    [JsonPropertyOrder(1)]
    public MachineReport Machine { get; init; } = MachineReport.Current;

    /// <summary>When, UTC.</summary>
    [JsonPropertyOrder(1)]
    public DateTime Date { get; init; } = DateTime.UtcNow;

    internal static long PeakWorkingSet()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
