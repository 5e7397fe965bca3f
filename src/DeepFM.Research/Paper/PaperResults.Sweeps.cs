namespace DeepFM.Research.Paper;

/// <summary>A curve of Figures 7–11: readings by eye, one a place on the axis.</summary>
/// <param name="Figure">7 to 11.</param>
/// <param name="Model">The catalog's name.</param>
/// <param name="Auc">AUC on Company*, in the figure's order.</param>
/// <param name="LogLoss">Log loss on Company*; null where it was not read.</param>
public sealed record PublishedCurve(int Figure, string Model, IReadOnlyList<PublishedValue> Auc,
    IReadOnlyList<PublishedValue>? LogLoss = null);

public static partial class PaperResults
{
    /// <summary>
    /// The hyper-parameter study on Company*. Order of the places: 7 relu, tanh; 8 probability of keeping a unit 1.0, 0.9, …,
    /// 0.5; 9 units a layer 100, 200, 400, 800; 10 layers 1, 3, 5, 7; 11 constant, increasing, decreasing, diamond.
    /// Figure 11 has no IPNN.
    /// </summary>
    public static IReadOnlyList<PublishedCurve> Figures7To11 { get; } =
    [
        Curve(7, "deepfm", [0.8714, 0.8692], [0.02618, 0.02629]),
        Curve(7, "fnn", [0.8678, 0.8661], [0.02631, 0.02641]),
        Curve(7, "ipnn", [0.8644, 0.8660], [0.02644, 0.02643]),
        Curve(7, "opnn", [0.8640, 0.8639], [0.02645, 0.02645]),
        Curve(7, "pnn-star", [0.8652, 0.8646], [0.02646, 0.02644]),
        Curve(7, "lr-dnn", [0.8660, 0.8655], [0.02637, 0.02642]),
        Curve(7, "fm-dnn", [0.8652, 0.8646], [0.02641, 0.02646]),

        Curve(8, "deepfm", [0.8702, 0.8715, 0.8713, 0.8709, 0.8703, 0.8693],
            [0.02625, 0.02618, 0.02619, 0.02621, 0.02624, 0.02628]),
        Curve(8, "fnn", [0.8656, 0.8679, 0.8682, 0.8680, 0.8678, 0.8668]),
        Curve(8, "ipnn", [0.8618, 0.8661, 0.8648, 0.8650, 0.8630, 0.8616]),
        Curve(8, "opnn", [0.8639, 0.8641, 0.8655, 0.8656, 0.8658, 0.8640]),
        Curve(8, "pnn-star", [0.8645, 0.8652, 0.8667, 0.8667, 0.8665, 0.8656]),
        Curve(8, "lr-dnn", [0.8647, 0.8662, 0.8671, 0.8674, 0.8669, 0.8664]),
        Curve(8, "fm-dnn", [0.8654, 0.8653, 0.8655, 0.8654, 0.8643, 0.8622]),

        Curve(9, "deepfm", [0.8706, 0.8712, 0.8715, 0.8714], [0.02621, 0.02619, 0.02618, 0.02619]),
        Curve(9, "fnn", [0.8677, 0.8682, 0.8682, 0.8679]),
        Curve(9, "ipnn", [0.8648, 0.8649, 0.8660, 0.8658]),
        Curve(9, "opnn", [0.8623, 0.8651, 0.8658, 0.8649]),
        Curve(9, "pnn-star", [0.8657, 0.8672, 0.8666, 0.8669]),
        Curve(9, "lr-dnn", [0.8667, 0.8665, 0.8674, 0.8672]),
        Curve(9, "fm-dnn", [0.8653, 0.8647, 0.8656, 0.8660]),

        Curve(10, "deepfm", [0.8700, 0.8715, 0.8715, 0.8711], [0.02624, 0.02618, 0.02618, 0.02622]),
        Curve(10, "fnn", [0.8645, 0.8683, 0.8680, 0.8672]),
        Curve(10, "ipnn", [0.8664, 0.8660, 0.8655, 0.8642]),
        Curve(10, "opnn", [0.8633, 0.8657, 0.8648, 0.8642]),
        Curve(10, "pnn-star", [0.8628, 0.8671, 0.8669, 0.8674]),
        Curve(10, "lr-dnn", [0.8670, 0.8674, 0.8668, 0.8669]),
        Curve(10, "fm-dnn", [0.8644, 0.8660, 0.8652, 0.8633]),

        Curve(11, "deepfm", [0.8715, 0.8713, 0.8715, 0.8712], [0.02618, 0.02618, 0.02618, 0.02620]),
        Curve(11, "fnn", [0.8683, 0.8679, 0.8681, 0.8683]),
        Curve(11, "opnn", [0.8658, 0.8657, 0.8659, 0.8654]),
        Curve(11, "pnn-star", [0.8671, 0.8672, 0.8664, 0.8669]),
        Curve(11, "lr-dnn", [0.8673, 0.8671, 0.8673, 0.8673]),
        Curve(11, "fm-dnn", [0.8660, 0.8661, 0.8661, 0.8656]),
    ];

    /// <summary>The reading of a figure and a model; null where the figure has no such curve.</summary>
    public static PublishedCurve? Reading(int figure, string model) =>
        Figures7To11.FirstOrDefault(curve => curve.Figure == figure && curve.Model == model);

    static PublishedCurve Curve(int figure, string model, double[] auc, double[]? logLoss = null) =>
        new(figure, model, Readings(auc), logLoss is null ? null : Readings(logLoss));

    static PublishedValue[] Readings(double[] values) =>
        [.. values.Select(value => new PublishedValue((decimal)value, PaperSource.Figures7To11, ReadByEye: true))];
}
