namespace DeepFM.Core.Tests;

/// <summary>Records a computation number by number, so that its gradient follows by the chain rule alone.</summary>
/// <remarks>
/// Reverse-mode differentiation of scalars. The reference states only each model's forward equation; no backward pass
/// of a layer is written by hand, so none can share a mistake with the engine's. Everything is double, with the error
/// that float32 would have beside it.
/// </remarks>
sealed class Tape
{
    readonly List<Entry> entries = [];

    /// <summary>A number that comes from outside and is exact in float32.</summary>
    public Scalar Input(double value) => Add(new(value, 0), -1, default, -1, default);

    public Rounded this[Scalar scalar] => entries[scalar.Index].Value;

    /// <summary>∂<paramref name="output"/>/∂s for every scalar s on the tape; look one up by its index.</summary>
    public Rounded[] Gradients(Scalar output)
    {
        Rounded[] gradients = new Rounded[entries.Count];
        gradients[output.Index] = new(1, 0);
        for (int i = output.Index; i >= 0; i--)
        {
            Entry entry = entries[i];
            if (gradients[i] == default) { continue; }      // the output does not depend on it
            if (entry.Left >= 0) { gradients[entry.Left] += gradients[i] * entry.ByLeft; }
            if (entry.Right >= 0) { gradients[entry.Right] += gradients[i] * entry.ByRight; }
        }
        return gradients;
    }

    internal Scalar Add(Rounded value, int left, Rounded byLeft, int right, Rounded byRight)
    {
        entries.Add(new(value, left, byLeft, right, byRight));
        return new(this, entries.Count - 1);
    }

    readonly record struct Entry(Rounded Value, int Left, Rounded ByLeft, int Right, Rounded ByRight);
}

/// <summary>A number on a <see cref="Tape"/>.</summary>
readonly record struct Scalar(Tape Tape, int Index)
{
    public Rounded Value => Tape[this];

    public static Scalar operator +(Scalar a, Scalar b) =>
        a.Tape.Add(a.Value + b.Value, a.Index, new(1, 0), b.Index, new(1, 0));

    public static Scalar operator -(Scalar a, Scalar b) => a + -1 * b;

    public static Scalar operator *(Scalar a, Scalar b) =>
        a.Tape.Add(a.Value * b.Value, a.Index, b.Value, b.Index, a.Value);

    public static Scalar operator *(double factor, Scalar a) =>
        a.Tape.Add(a.Value * new Rounded(factor, 0), a.Index, new(factor, 0), -1, default);

    /// <summary>f(a), given f, f′ and f″ at a; the last carries a's error into the slope.</summary>
    Scalar Map(double f, double slope, double curvature)
    {
        double error = Value.Error;
        return Tape.Add(new(f, Math.Abs(slope) * error + Math.Abs(f)), Index,
            new(slope, Math.Abs(curvature) * error + Math.Abs(slope)), -1, default);
    }

    public Scalar Relu()
    {
        double a = Value.Value;
        return Map(Math.Max(a, 0), a > 0 ? 1 : 0, 0);
    }

    public Scalar Tanh()
    {
        double t = Math.Tanh(Value.Value), slope = 1 - t * t;
        // 1 − t² cancels where t is near ±1: its rounding is that of 1.
        return Tape.Add(new(t, slope * Value.Error + Math.Abs(t)), Index,
            new(slope, Math.Abs(2 * t * slope) * Value.Error + 2), -1, default);
    }

    public Scalar Sigmoid()
    {
        double s = 1 / (1 + Math.Exp(-Value.Value)), slope = s * (1 - s);
        return Tape.Add(new(s, slope * Value.Error + s), Index,
            new(slope, Math.Abs(slope * (1 - 2 * s)) * Value.Error + s), -1, default);
    }

    /// <summary>log(1 + e^a), whose slope is the sigmoid.</summary>
    public Scalar Softplus()
    {
        double a = Value.Value, s = 1 / (1 + Math.Exp(-a));
        return Map(Math.Max(a, 0) + Math.Log(1 + Math.Exp(-Math.Abs(a))), s, s * (1 - s));
    }

    /// <summary>1/√a.</summary>
    public Scalar InverseRoot()
    {
        double a = Value.Value;
        return Map(Math.Pow(a, -0.5), -0.5 * Math.Pow(a, -1.5), 0.75 * Math.Pow(a, -2.5));
    }
}
