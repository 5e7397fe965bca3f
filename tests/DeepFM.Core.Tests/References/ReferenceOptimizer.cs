using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>The optimizers as their papers state them, one number at a time, in double.</summary>
sealed class ReferenceOptimizer(TrainingOptions options)
{
    // Two numbers of state a parameter: Adam's m and v, FTRL's z and n; Adagrad's sum of squares is the second.
    readonly Dictionary<string, (double[] First, double[] Second)> states = [];
    int step;

    /// <summary>
    /// One step: changes <paramref name="parameters"/>, the numbers for which <paramref name="changes"/> holds.
    /// </summary>
    /// <param name="parameters">By name.</param>
    /// <param name="gradients">By name, only of those that are trained.</param>
    /// <param name="changes">Whether number i of a parameter takes part; others rest, their state too.</param>
    public void Step(IReadOnlyDictionary<string, double[]> parameters, IReadOnlyDictionary<string, double[]> gradients,
        Func<string, int, bool> changes)
    {
        step++;
        foreach ((string name, double[] gradient) in gradients)
        {
            double[] w = parameters[name];
            if (!states.TryGetValue(name, out (double[] First, double[] Second) state))
            {
                states[name] = state = (options.Optimizer == OptimizerKind.Ftrl ? FtrlStart(w) : new double[w.Length],
                    new double[w.Length]);
            }
            for (int i = 0; i < w.Length; i++)
            {
                if (!changes(name, i)) { continue; }
                ref double first = ref state.First[i], second = ref state.Second[i];
                w[i] = options.Optimizer switch
                {
                    OptimizerKind.Adam => Adam(w[i], gradient[i], ref first, ref second),
                    OptimizerKind.Ftrl => Ftrl(w[i], gradient[i], ref first, ref second),
                    OptimizerKind.Adagrad => Adagrad(w[i], gradient[i], ref second),
                    OptimizerKind.Sgd => w[i] - options.LearningRate * gradient[i],
                    _ => throw new NotSupportedException($"The reference has no equation for {options.Optimizer}."),
                };
            }
        }
    }

    // Kingma and Ba 2015, algorithm 1. The step count is the optimizer's, not the row's.
    double Adam(double w, double g, ref double m, ref double v)
    {
        double beta1 = options.AdamBeta1, beta2 = options.AdamBeta2;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        double mean = m / (1 - Math.Pow(beta1, step)), square = v / (1 - Math.Pow(beta2, step));
        return w - options.LearningRate * mean / (Math.Sqrt(square) + options.Epsilon);
    }

    // McMahan et al. 2013, algorithm 1; λ1 and λ2 stand in the closed form, not in g.
    double Ftrl(double w, double g, ref double z, ref double n)
    {
        double alpha = options.LearningRate, beta = options.FtrlBeta, l1 = options.FtrlL1, l2 = options.FtrlL2;
        double sigma = (Math.Sqrt(n + g * g) - Math.Sqrt(n)) / alpha;
        z += g - sigma * w;
        n += g * g;
        return Math.Abs(z) <= l1 ? 0 : -(z - Math.Sign(z) * l1) / ((beta + Math.Sqrt(n)) / alpha + l2);
    }

    // The algorithm starts from z = 0, w = 0. To start from other weights, z is what gives them back at n = 0.
    double[] FtrlStart(double[] w)
    {
        double divisor = (double)options.FtrlBeta / options.LearningRate + options.FtrlL2;
        return [.. w.Select(start => -start * divisor - Math.Sign(start) * options.FtrlL1)];
    }

    // Duchi et al. 2011; ε outside the root, as in PyTorch.
    double Adagrad(double w, double g, ref double sum)
    {
        sum += g * g;
        return w - options.LearningRate * g / (Math.Sqrt(sum) + options.Epsilon);
    }
}
