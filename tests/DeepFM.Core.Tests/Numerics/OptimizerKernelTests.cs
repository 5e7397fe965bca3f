using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

public unsafe class OptimizerKernelTests
{
    static readonly TrainingOptions Options = new()
    {
        LearningRate = 0.05f,
        AdamBeta1 = 0.8f,
        AdamBeta2 = 0.99f,
        Epsilon = 1e-4f,
        FtrlBeta = 0.7f,
        FtrlL1 = 0.3f,
        FtrlL2 = 0.2f,
    };

    public static MatrixTheoryData<string, OptimizerKind> Cases =>
        new(Widths.All.Select(row => row.Data), Enum.GetValues<OptimizerKind>());

    [Theory, MemberData(nameof(Cases))]
    public void Dense_StepsEachParameter_AndNothingOutside(string width, OptimizerKind kind)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int count in Widths.Sizes)
        {
            Numbers before = Numbers.Of(count, seed: count);
            float[] gradient = Draw.Floats(count, seed: 5);
            using Guarded w = new(before.W), state1 = new(before.State1), state2 = new(before.State2),
                gradients = new(gradient);

            kernels.StepDense(kind, w.Pointer, state1.Pointer, state2.Pointer, gradients.Pointer, count, 0.5f,
                StepOf(kind, 3));

            Assert.Equal(gradient, gradients.Read());
            AssertStepped(kind, 3, before, [.. gradient.Select(g => Exact.Of(0.5 * g, 1))],
                new(w.Read(), state1.Read(), state2.Read()), $"{count} parameters");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Rows_StepTheRowsOfTheIds_AndPaddingStaysZero(string width, OptimizerKind kind)
    {
        Kernels kernels = Widths.Kernels(width);
        const int rows = 23;
        int states = kind switch { OptimizerKind.Sgd => 0, OptimizerKind.Adagrad => 1, _ => 2 };
        int[] ids = [22, 3, 0, 17, 5, 4, 11, 9, 8, 14, 1];
        foreach ((int P, int used) in new[] { (1, 1), (2, 2), (16, 11), (32, 17), (48, 48) })
        {
            // [parameters | state 1 | state 2] a row; columns from `used` on are padding, with gradient and λ of 0.
            int stride = P * (1 + states) + 3;
            float[] table = new float[rows * P * (1 + states)], l2 = new float[P], gradient = new float[ids.Length * P];
            Draw.Floats(used, seed: 8, scale: 0.1f).CopyTo(l2, 0);
            for (int row = 0; row < rows; row++)
            {
                Numbers drawn = Numbers.Of(used, seed: row);
                float[][] parts = [drawn.W, drawn.State1, drawn.State2];
                for (int part = 0; part <= states; part++)
                {
                    parts[part].CopyTo(table, (row * (1 + states) + part) * P);
                }
            }
            for (int i = 0; i < ids.Length; i++) { Draw.Floats(used, seed: 100 + i).CopyTo(gradient, i * P); }
            using Guarded memory = new(table, P * (1 + states), stride), decay = new(l2), gradients = new(gradient);

            fixed (int* first = ids)
            {
                kernels.StepRows(kind, memory.Pointer, stride, P, first, ids.Length, gradients.Pointer, 0.25f,
                    decay.Pointer, StepOf(kind, 4));
            }

            float[] after = memory.Read();
            int rowLength = P * (1 + states);
            for (int row = 0; row < rows; row++)
            {
                float[] from = table[(row * rowLength)..((row + 1) * rowLength)],
                    to = after[(row * rowLength)..((row + 1) * rowLength)];
                int place = Array.IndexOf(ids, row);
                if (place < 0)
                {
                    Assert.Equal(Exact.Bits(from), Exact.Bits(to));
                    continue;
                }
                Numbers before = Part(from);
                Rounded[] g = [.. before.W.Select((w, p) =>
                    Exact.Sum(2, term => 0.25 * (term == 0 ? gradient[place * P + p] : (double)l2[p] * w), more: 1))];
                AssertStepped(kind, 4, before, g, Part(to), $"row {row} of P = {P}");
                for (int part = 0; part <= states; part++)
                {
                    Assert.All(Exact.Bits(to.AsSpan(part * P + used, P - used)), bits => Assert.Equal(0u, bits));
                }
            }

            Numbers Part(float[] row) => new(row[..used], states > 0 ? row[P..(P + used)] : new float[used],
                states > 1 ? row[(2 * P)..(2 * P + used)] : new float[used]);
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Ftrl_L1GivesExactZeros(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int count in Widths.Sizes)
        {
            // |z| is l1, just below, just above, and 0, of both signs; with n = g = 0 the divisor is as small as it gets.
            float l1 = Options.FtrlL1;
            float[] edge = [l1, -l1, MathF.BitDecrement(l1), -MathF.BitDecrement(l1), MathF.BitIncrement(l1),
                -MathF.BitIncrement(l1), 0, -0f];
            float[] z = [.. Enumerable.Range(0, count).Select(i => edge[i % edge.Length])];
            foreach (float beta in new[] { 1e-9f, 0.7f })
            {
                using Guarded w = new(new float[count]), first = new(z), second = new(new float[count]),
                    gradients = new(new float[count]);
                OptimizerStep step = OptimizerStep.Of(Options with { FtrlBeta = beta, FtrlL2 = beta < 0.5f ? 0 : beta },
                    Options.LearningRate, 1);
                kernels.StepDense(OptimizerKind.Ftrl, w.Pointer, first.Pointer, second.Pointer, gradients.Pointer,
                    count, 1, step);
                float[] after = w.Read();
                for (int i = 0; i < count; i++)
                {
                    if (Math.Abs(z[i]) > l1) { Assert.Equal(-Math.Sign(z[i]), Math.Sign(after[i])); }
                    else { Assert.Equal(0u, BitConverter.SingleToUInt32Bits(after[i])); }
                }
            }
        }
    }

    // Constants of a step are derived in double, however late the step.
    [Theory, InlineData(1), InlineData(7), InlineData(1_000_000)]
    public void Step_HasAdamsCorrections(long step)
    {
        TrainingOptions options = new();
        OptimizerStep constants = OptimizerStep.Of(options, 0.001f, step);
        double rest1 = 1 - Math.Pow(options.AdamBeta1, step), rest2 = 1 - Math.Pow(options.AdamBeta2, step);
        NumericAssert.Close<float>(
            [0.001f / rest1, 1 / Math.Sqrt(rest2), 1 - (double)options.AdamBeta1, 1 - (double)options.AdamBeta2],
            [constants.CorrectedRate, constants.RootCorrection, constants.Beta1Rest, constants.Beta2Rest],
            relative: Rounded.Unit, absolute: 0);
    }

    static OptimizerStep StepOf(OptimizerKind kind, long step) =>
        OptimizerStep.Of(Options with { Optimizer = kind }, Options.LearningRate, step);

    // One step in double from the numbers that the kernel had, so that errors do not grow from step to step.
    static void AssertStepped(OptimizerKind kind, int step, Numbers before, Rounded[] gradient, Numbers after,
        string what)
    {
        Rounded[] w = new Rounded[gradient.Length], state1 = new Rounded[w.Length], state2 = new Rounded[w.Length];
        double rate = Options.LearningRate, epsilon = Options.Epsilon;
        for (int i = 0; i < w.Length; i++)
        {
            double g = gradient[i].Value, gError = gradient[i].Error, old = before.W[i];
            double first = before.State1[i], second = before.State2[i], move;
            switch (kind)
            {
                case OptimizerKind.Adam:
                    double beta1 = Options.AdamBeta1, beta2 = Options.AdamBeta2;
                    state1[i] = new(beta1 * first + (1 - beta1) * g,
                        3 * (Math.Abs(beta1 * first) + (1 - beta1) * Math.Abs(g)) + (1 - beta1) * gError);
                    double v = beta2 * second + (1 - beta2) * g * g;
                    state2[i] = new(v, 4 * v + 2 * (1 - beta2) * Math.Abs(g) * gError);
                    double root = Math.Sqrt(v / (1 - Math.Pow(beta2, step))) + epsilon;
                    double perMoment = rate / (1 - Math.Pow(beta1, step)) / root;
                    move = perMoment * state1[i].Value;
                    w[i] = new(old - move, Math.Abs(old - move) + perMoment * state1[i].Error
                        + Math.Abs(move) * (8 + state2[i].Error / v));
                    break;
                case OptimizerKind.Ftrl:
                    double l1 = Options.FtrlL1, grown = second + g * g, newRoot = Math.Sqrt(grown),
                        oldRoot = Math.Sqrt(second);
                    double sigma = (newRoot - oldRoot) / rate, z = first + g - sigma * old;
                    state2[i] = new(grown, 2 * grown + 2 * Math.Abs(g) * gError);
                    // The roots cancel: σ is as wrong as they are.
                    double sigmaError = (4 * newRoot + 2 * oldRoot + state2[i].Error / newRoot) / rate;
                    state1[i] = new(z, Math.Abs(z) + Math.Abs(first) + 2 * Math.Abs(g) + gError
                        + (sigmaError + 3 * Math.Abs(sigma)) * Math.Abs(old));
                    double divisor = (Options.FtrlBeta + newRoot) / rate + Options.FtrlL2;
                    double weight = Math.Abs(z) <= l1 ? 0 : -(z - Math.Sign(z) * l1) / divisor;
                    w[i] = new(weight, (state1[i].Error + Math.Abs(Math.Abs(z) - l1)) / divisor + 8 * Math.Abs(weight));
                    break;
                case OptimizerKind.Adagrad:
                    state1[i] = new(first + g * g, 2 * (first + g * g) + 2 * Math.Abs(g) * gError);
                    double perGradient = rate / (Math.Sqrt(first + g * g) + epsilon);
                    move = perGradient * g;
                    w[i] = new(old - move, Math.Abs(old - move) + perGradient * gError
                        + Math.Abs(move) * (6 + state1[i].Error / state1[i].Value));
                    state2[i] = new(second, 0);
                    break;
                default:
                    w[i] = new(old - rate * g, Math.Abs(old - rate * g) + rate * (gError + 2 * Math.Abs(g)));
                    state1[i] = new(first, 0);
                    state2[i] = new(second, 0);
                    break;
            }
        }
        NumericAssert.WithinRounding(w, after.W, $"w, {what}");
        NumericAssert.WithinRounding(state1, after.State1, $"state 1, {what}");
        NumericAssert.WithinRounding(state2, after.State2, $"state 2, {what}");
    }

    /// <summary>Parameters and their states; the states are positive, as sums of squares are.</summary>
    sealed record Numbers(float[] W, float[] State1, float[] State2)
    {
        public static Numbers Of(int count, int seed) => new(
            Draw.Floats(count, seed),
            [.. Draw.Floats(count, seed + 1).Select(MathF.Abs)],
            [.. Draw.Floats(count, seed + 2).Select(MathF.Abs)]);
    }
}
