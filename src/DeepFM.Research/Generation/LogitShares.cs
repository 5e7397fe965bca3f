namespace DeepFM.Research.Generation;

/// <summary>What a part of the logit belongs to.</summary>
public enum LogitPart
{
    /// <summary>Effects of single fields: what logistic regression can express.</summary>
    Order1,

    /// <summary>
    /// Effects of pairs of fields beyond order 1: what a factorization machine can express besides, as far as its rank goes.
    /// </summary>
    Order2,

    /// <summary>Effects of three fields beyond order 2: for networks.</summary>
    Order3,

    /// <summary>What changes from day to day; no field shows the day.</summary>
    Drift,

    /// <summary>What no field shows at all.</summary>
    Noise,
}

/// <summary>The share that one effect has in the variance of the logit.</summary>
/// <param name="Name">The effect.</param>
/// <param name="Fields">The columns that show it.</param>
/// <param name="Part">Order, drift or noise. An effect with parts of several orders is listed with each.</param>
/// <param name="Share">Cov(effect, logit) / Var(logit) over rows; the shares of all effects add up to 1.</param>
public sealed record EffectShare(string Name, string Fields, LogitPart Part, double Share);

/// <summary>How well a score that knows the truth can do on the test day.</summary>
/// <param name="Auc">AUC against the drawn clicks, in [0, 1].</param>
/// <param name="LogLoss">Mean log loss against the drawn clicks, nats per row.</param>
public sealed record BestReachable(double Auc, double LogLoss);

/// <summary>What generated rows are made of, computed from rows.</summary>
/// <param name="Rows">Training rows that the shares were computed from, evenly spaced.</param>
/// <param name="ClickRate">Share of clicks among them.</param>
/// <param name="LogitDeviation">Standard deviation of the logit, noise included.</param>
/// <param name="Effects">All effects, the largest of each part first.</param>
/// <param name="AucByOrder">
/// AUC on the test day of the logit cut to effects up to order 1, up to 2, up to 3, and of the whole but for the noise. The last is
/// the best reachable one; a model gets there only if it learns every effect, those of single users and apps included.
/// </param>
/// <param name="NewUsers">Share of test rows whose user comes on the test day.</param>
/// <param name="NewApps">Share of test rows whose app appears on the test day.</param>
public sealed record AppStoreDescription(int Rows, double ClickRate, double LogitDeviation, IReadOnlyList<EffectShare> Effects,
    IReadOnlyList<double> AucByOrder, double NewUsers, double NewApps)
{
    /// <summary>The share of a part of the logit: order 1, 2, 3, drift or noise.</summary>
    public double ShareOf(LogitPart part) => Effects.Where(effect => effect.Part == part).Sum(effect => effect.Share);
}
