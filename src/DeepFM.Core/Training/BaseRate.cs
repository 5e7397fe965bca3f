using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>The logit that predicts the share of positive rows for every row.</summary>
static class BaseRate
{
    /// <summary>ln(p/(1 − p)); 0 where all labels are alike, so that it is infinite.</summary>
    public static float LogitOf(EncodedData rows)
    {
        int positives = rows.PositiveCount, negatives = rows.RowCount - positives;
        return positives == 0 || negatives == 0 ? 0 : (float)Math.Log((double)positives / negatives);
    }

    /// <summary>Writes it into the one constant of the logit that starts with it, and returns it; 0 without such a constant.</summary>
    public static float Write(Engine engine, EncodedData rows)
    {
        if (NameOf(engine.Definition) is not { } name) { return 0; }
        float bias = LogitOf(rows);
        engine.Parameters.Write(name, [bias]);
        engine.Parameters.ResetFtrl();
        return bias;
    }

    /// <summary>w0, else the first output's bias: several together would add up to a multiple. Null where there is none.</summary>
    public static string? NameOf(ModelDefinition definition) =>
        definition.Terms.OfType<BiasNode>().FirstOrDefault()?.Name
        ?? (definition.Terms.OfType<OutputNode>().FirstOrDefault() is { } output ? $"{output.Name}.bias" : null);
}
