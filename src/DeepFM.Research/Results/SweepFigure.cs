using DeepFM.Research.Paper;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Results;

/// <summary>One of Figures 7–11: AUC and log loss of the deep models over a setting, the paper's readings beside.</summary>
/// <param name="sweep">What is swept.</param>
/// <param name="figures">By model of the sweep, then by place.</param>
public sealed class SweepFigure(Sweep sweep, IReadOnlyDictionary<string, IReadOnlyList<ModelFigures>> figures)
{
    /// <summary>The paper's sentence on each figure, in this project's words.</summary>
    static readonly Dictionary<int, string> claims = new()
    {
        [7] = "The paper: relu suits all deep models better than tanh, except IPNN.",
        [8] = "The paper: every model is best when 60 to 90 % of the units are kept.",
        [9] = "The paper: more neurons do not always help; 200 or 400 a layer are a good choice.",
        [10] = "The paper: more layers help at first, then harm.",
        [11] = "The paper: the constant shape is better than the other three.",
    };

    /// <summary>Reads the figures from the runs.</summary>
    public static SweepFigure Of(Sweep sweep, ReproductionPlan plan, ResultSet results) => new(sweep, sweep.Models.ToDictionary(
        model => model,
        model => (IReadOnlyList<ModelFigures>)[.. Enumerable.Range(0, sweep.Places.Count)
            .Select(place => results.Of(plan.At(sweep, model, place)))]));

    /// <summary>The figure: AUC, log loss, and the shape of the curves beside that of the paper's.</summary>
    public Figure Draw()
    {
        Axis axis = new(sweep.AxisTitle, sweep.Places);
        return new(sweep.Name, $"Figure {sweep.Number}. {sweep.Title}",
        [
            new("AUC here", axis, new("AUC"), [.. sweep.Models.Select(model => Line(model, row => row.Auc))]),
            new("Log loss here", axis, new("log loss, nats per row"), [.. sweep.Models.Select(model => Line(model, row => row.LogLoss))]),
            new("AUC less the model's own mean: here, and read off the paper", axis, new("AUC − mean of the curve"),
                [.. sweep.Models.Select(Centred), .. sweep.Models.Select(Reading).OfType<Series>()]),
        ])
        {
            Caption = (figures.Values.SelectMany(places => places).Any(row => row.Auc.Deviation is not null)
                    ? "Mean over the seeds; bars are sample standard deviations." : "One seed, so no deviations.")
                + " Faint marks: the paper's curves on Company*, read off its drawing "
                + "by eye (±0.0002). Its rows are other ones and its level is another, so the third panel sets each curve, here and there, "
                + "against its own mean over the axis: compare shapes, not heights.",
        };
    }

    /// <summary>Sentences computed from the results, and the paper's.</summary>
    public IReadOnlyList<string> Findings()
    {
        List<string> sentences = [claims[sweep.Number], sweep.Number == 7 ? Activations() : Bests()];
        if (sweep.Models.Contains("deepfm") && sweep.Models.Count > 1)
        {
            int leads = Enumerable.Range(0, sweep.Places.Count).Count(place =>
                sweep.Models.MaxBy(model => figures[model][place].Auc.Mean) == "deepfm");
            sentences.Add($"DeepFM has the highest AUC at {leads} of the {sweep.Places.Count} places here; in the paper at every one.");
        }
        return sentences;
    }

    string Activations()
    {
        string[] relu = [.. sweep.Models.Where(model => figures[model][0].Auc.Mean > figures[model][1].Auc.Mean)];
        string[] paper = [.. sweep.Models.Where(model => PaperResults.Reading(7, model) is { } curve
            && curve.Auc[0].Value > curve.Auc[1].Value)];
        return $"Here relu has the higher AUC for {relu.Length} of {Counted.Of(sweep.Models.Count, "model")}"
            + (relu.Length < sweep.Models.Count ? $", tanh for {Words.Models(sweep.Models.Except(relu))}" : "")
            + $"; by the readings, relu for {paper.Length}"
            + (paper.Length < sweep.Models.Count ? $", tanh for {Words.Models(sweep.Models.Except(paper))}." : ".");
    }

    string Bests()
    {
        string[] parts = [.. sweep.Models.Select(model =>
        {
            int best = BestPlace([.. figures[model].Select(row => row.Auc.Mean)]);
            string text = $"{Words.Name(model)} {sweep.Places[best]}";
            return PaperResults.Reading(sweep.Number, model) is not { } curve ? text
                : $"{text} (paper: {sweep.PaperPlaces[BestPlace([.. curve.Auc.Select(value => value.Value)])]})";
        })];
        double[] spans = [.. sweep.Models.Select(model => figures[model].Max(row => row.Auc.Mean) - figures[model]
            .Min(row => row.Auc.Mean))];
        double?[] noise = [.. sweep.Models.SelectMany(model => figures[model]).Select(row => row.Auc.Deviation)];
        return $"Highest mean AUC of each model: {string.Join("; ", parts)}. "
            + Invariant($"Between a model's best and worst place lie {spans.Min():0.0000} to {spans.Max():0.0000} AUC")
            + (noise.All(deviation => deviation is null) ? "." : Invariant($"; between seeds the deviation is ")
            + Invariant($"{noise.Average():0.0000} on average."));
    }

    static int BestPlace(IReadOnlyList<double> values) => Enumerable.Range(0, values.Count).MaxBy(place => values[place]);

    Series Line(string model, Func<ModelFigures, Spread> figure)
    {
        Spread[] spreads = [.. figures[model].Select(figure)];
        return new(Words.Name(model), SeriesKind.Line, Places, [.. spreads.Select(spread => (double?)spread.Mean)])
        {
            Deviations = spreads.All(spread => spread.Deviation is null) ? null : [.. spreads.Select(spread => spread.Deviation)],
        };
    }

    Series Centred(string model)
    {
        double[] values = [.. figures[model].Select(row => row.Auc.Mean)];
        return new(Words.Name(model), SeriesKind.Line, Places, [.. values.Select(value => (double?)(value - values.Average()))]);
    }

    Series? Reading(string model)
    {
        if (PaperResults.Reading(sweep.Number, model) is not { } curve) { return null; }
        double mean = curve.Auc.Average(value => value.Value);
        return new($"{Words.Name(model)}, read off the paper", SeriesKind.Marks, Places,
            [.. curve.Auc.Select(value => (double?)(value.Value - mean))])
        { Published = true };
    }

    double[] Places => [.. Enumerable.Range(0, sweep.Places.Count).Select(place => (double)place)];
}
