using System.Runtime.CompilerServices;
using DeepFM.Training;

namespace DeepFM.Numerics;

/// <summary>The numbers of an optimizer's step that are the same for all parameters.</summary>
struct OptimizerStep
{
    /// <summary>Learning rate; FTRL's 1/α is derived from it.</summary>
    public float Rate;

    /// <summary>Adam's decays, and 1 − decay.</summary>
    public float Beta1, Beta1Rest, Beta2, Beta2Rest;

    /// <summary>Adam's rate/(1 − β1^t) and 1/√(1 − β2^t).</summary>
    public float CorrectedRate, RootCorrection;

    /// <summary>ε of Adam and Adagrad.</summary>
    public float Epsilon;

    /// <summary>FTRL's 1/α, β/α + λ2, and λ1.</summary>
    public float InverseAlpha, FtrlBase, FtrlL1;

    /// <summary>The constants of step <paramref name="step"/>, counted from 1.</summary>
    public static OptimizerStep Of(TrainingOptions options, float learningRate, long step) => new()
    {
        Rate = learningRate,
        Beta1 = options.AdamBeta1,
        Beta1Rest = (float)(1 - (double)options.AdamBeta1),
        Beta2 = options.AdamBeta2,
        Beta2Rest = (float)(1 - (double)options.AdamBeta2),
        CorrectedRate = (float)(learningRate / (1 - Math.Pow(options.AdamBeta1, step))),
        RootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(options.AdamBeta2, step))),
        Epsilon = options.Epsilon,
        InverseAlpha = 1 / learningRate,
        FtrlBase = options.FtrlBeta / learningRate + options.FtrlL2,
        FtrlL1 = options.FtrlL1,
    };
}

/// <summary>One optimizer's step on a register of parameters w with gradient g and up to two states.</summary>
interface IOptimizerRule
{
    static abstract int StateCount { get; }

    static abstract void Apply<S, V>(ref V w, ref V state1, ref V state2, V g, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct;
}

/// <summary>w −= rate·m̂/(√v̂ + ε) — Kingma and Ba 2015, algorithm 1; states m, v.</summary>
readonly struct AdamRule : IOptimizerRule
{
    public static int StateCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<S, V>(ref V w, ref V m, ref V v, V g, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct
    {
        m = S.MultiplyAdd(m, S.Broadcast(step.Beta1), S.Multiply(g, S.Broadcast(step.Beta1Rest)));
        v = S.MultiplyAdd(v, S.Broadcast(step.Beta2), S.Multiply(S.Multiply(g, g), S.Broadcast(step.Beta2Rest)));
        V root = S.MultiplyAdd(S.Sqrt(v), S.Broadcast(step.RootCorrection), S.Broadcast(step.Epsilon));
        w = S.Subtract(w, S.Divide(S.Multiply(m, S.Broadcast(step.CorrectedRate)), root));
    }
}

/// <summary>n += g², z += g − (√n − √n_old)/α·w, then w in closed form — McMahan et al. 2013; states z, n.</summary>
readonly struct FtrlRule : IOptimizerRule
{
    public static int StateCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<S, V>(ref V w, ref V z, ref V n, V g, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct
    {
        V grown = S.MultiplyAdd(g, g, n), root = S.Sqrt(grown);
        V sigma = S.Multiply(S.Subtract(root, S.Sqrt(n)), S.Broadcast(step.InverseAlpha));
        z = S.Add(z, S.Subtract(g, S.Multiply(sigma, w)));
        n = grown;
        w = Weight<S, V>(z, root, step);
    }

    /// <summary>w = 0 where |z| ≤ λ1, else −(z − sign(z)·λ1)/((β + √n)/α + λ2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Weight<S, V>(V z, V root, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct
    {
        V l1 = S.Broadcast(step.FtrlL1), size = S.Abs(z);
        V divisor = S.MultiplyAdd(root, S.Broadcast(step.InverseAlpha), S.Broadcast(step.FtrlBase));
        V shrunk = S.Divide(S.CopySign(S.Subtract(size, l1), z), divisor);
        return S.WhereGreater(size, l1, S.Subtract(S.Zero, shrunk));
    }
}

/// <summary>s += g², w −= rate·g/(√s + ε) — Duchi et al. 2011; state s.</summary>
readonly struct AdagradRule : IOptimizerRule
{
    public static int StateCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<S, V>(ref V w, ref V s, ref V unused, V g, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct
    {
        s = S.MultiplyAdd(g, g, s);
        w = S.Subtract(w, S.Divide(S.Multiply(g, S.Broadcast(step.Rate)),
            S.Add(S.Sqrt(s), S.Broadcast(step.Epsilon))));
    }
}

/// <summary>w −= rate·g; no state.</summary>
readonly struct SgdRule : IOptimizerRule
{
    public static int StateCount => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<S, V>(ref V w, ref V unused1, ref V unused2, V g, in OptimizerStep step)
        where S : ISimd<V>
        where V : struct =>
        w = S.Subtract(w, S.Multiply(g, S.Broadcast(step.Rate)));
}
