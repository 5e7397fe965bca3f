using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>One of Figures 7–11: a setting of the deep models, place by place.</summary>
/// <param name="Number">7 to 11.</param>
/// <param name="Title">What is compared.</param>
/// <param name="AxisTitle">The axis and its unit.</param>
/// <param name="Places">What stands at the places of the axis.</param>
/// <param name="Models">The models that the paper's figure shows.</param>
/// <param name="At">The settings at a place, from those that the sweep starts from.</param>
public sealed record Sweep(int Number, string Title, string AxisTitle, IReadOnlyList<string> Places,
    IReadOnlyList<string> Models, Func<RunSettings, int, RunSettings> At)
{
    /// <summary>What the plan and the report call it.</summary>
    public string Name => $"figure{Number}";

    /// <summary>The models of Figures 6–11, in the order of the paper's bars.</summary>
    public static IReadOnlyList<string> DeepModels { get; } = ["fnn", "lr-dnn", "fm-dnn", "ipnn", "opnn", "pnn-star", "deepfm"];

    const int PaperWidth = 400;

    /// <summary>What stood at the places in the paper: those of the same network at its own width.</summary>
    public IReadOnlyList<string> PaperPlaces => All(PaperWidth).Single(sweep => sweep.Number == Number).Places;

    static readonly Activation[] activations = [Activation.Relu, Activation.Tanh];
    static readonly float[] dropRates = [0, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f];
    static readonly int[] quarters = [1, 2, 4, 8];          // of the width that stands for the paper's 400
    static readonly int[] layers = [1, 3, 5, 7];
    static readonly (string Name, int[] Eighths)[] shapes =
        [("constant", [4, 4, 4]), ("increasing", [2, 4, 6]), ("decreasing", [6, 4, 2]), ("diamond", [3, 6, 3])];

    /// <summary>All five.</summary>
    /// <param name="width">The width that stands for the paper's 400 units a layer; a multiple of 4 keeps its proportions.</param>
    public static IReadOnlyList<Sweep> All(int width) =>
    [
        new(7, "Activation functions", "activation", ["relu", "tanh"], DeepModels,
            (settings, place) => settings with { Options = settings.Options with { Activation = activations[place] } }),
        new(8, "Dropout", "probability of keeping a unit, as the paper prints it (drop rate)",
            [.. dropRates.Select(rate => FormattableString.Invariant($"{1 - rate:0.0} ({rate:0.0})"))], DeepModels,
            (settings, place) => settings with { Options = settings.Options with { DropRate = dropRates[place] } }),
        new(9, "Neurons per layer", "units of each of 3 hidden layers" + Scaled(width),
            [.. quarters.Select(quarter => Label(width * quarter / 4, 100 * quarter))], DeepModels,
            (settings, place) => With(settings, Repeat(width * quarters[place] / 4, 3))),
        new(10, "Number of layers", $"hidden layers of {width} units" + (width == PaperWidth ? "" : ", in the paper of 400"),
            [.. layers.Select(count => $"{count}")], DeepModels,
            (settings, place) => With(settings, Repeat(width, layers[place]))),
        new(11, "Network shape", "units of 3 hidden layers" + Scaled(width),
            [.. shapes.Select(shape => $"{shape.Name} {string.Join('-', shape.Eighths.Select(eighths => width * eighths / 8))}")],
            [.. DeepModels.Where(model => model != "ipnn")],        // as in the paper's figure
            (settings, place) => With(settings, [.. shapes[place].Eighths.Select(eighths => Math.Max(1, width * eighths / 8))])),
    ];

    static string Scaled(int width) => width == PaperWidth ? "" : $"; {width} stand for the paper's 400";

    static string Label(int units, int paper) => units == paper ? $"{units}" : $"{units} ({paper})";

    static int[] Repeat(int width, int count) => [.. Enumerable.Repeat(Math.Max(1, width), count)];

    static RunSettings With(RunSettings settings, int[] widths) =>
        settings with { Options = settings.Options with { HiddenWidths = widths } };
}
