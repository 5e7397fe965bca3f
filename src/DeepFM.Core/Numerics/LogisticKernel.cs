using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Log loss of a click, in nats per sample, taken from the logit so that it never overflows.</summary>
/// <remarks>
/// loss(z, y) = log(1 + e^z) − y·z, with z the logit and y ∈ {0, 1}. Identical to −[y ln σ(z) + (1−y) ln(1−σ(z))], but
/// finite for every finite z and never taken from a rounded probability. Computed in double; |error| of a sample's loss
/// ≤ 2⁻⁵⁰·loss.
/// </remarks>
static class LogisticKernel
{
    /// <summary>Samples that one call takes at most: their doubles lie on the stack.</summary>
    public const int MostSamples = 512;

    /// <summary>The losses of samples, summed in their order.</summary>
    /// <param name="logits">z, at most <see cref="MostSamples"/>, finite.</param>
    /// <param name="labels">y, as many, each 0 or 1.</param>
    /// <param name="probabilities">Overwritten with σ(z), as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Losses(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels, Span<double> probabilities)
    {
        // t = e^−|z|, in (0, 1], then log(1 + t): all samples at a time, as a call of each a sample would take longer
        // than logistic regression itself.
        Debug.Assert(logits.Length <= MostSamples, "the samples' doubles lie on the stack");
        Span<double> t = probabilities[..logits.Length], logs = stackalloc double[logits.Length];
        for (int i = 0; i < t.Length; i++) { t[i] = -Math.Abs((double)logits[i]); }
        TensorPrimitives.Exp<double>(t, t);
        TensorPrimitives.Add<double>(t, 1, logs);
        TensorPrimitives.Log<double>(logs, logs);

        double total = 0;                                   // float32 would lose digits at B ≈ 10⁴
        for (int i = 0; i < t.Length; i++)
        {
            double z = logits[i], y = labels[i], u = 1 + t[i];
            // What 1 + t was rounded by, at the slope of log: where t is small, it is all that there is.
            double log = logs[i] + (t[i] - (u - 1)) / u;
            total += Math.Max(z, 0) - y * z + log;
            t[i] = (z >= 0 ? 1 : t[i]) / u;
        }
        return total;
    }
}
