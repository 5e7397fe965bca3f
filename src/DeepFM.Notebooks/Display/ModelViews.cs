using DeepFM.Models;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Notebooks.Display;

/// <summary>How models are shown: their structure as a picture, and their parameters.</summary>
static class ModelViews
{
    /// <summary>Fields that a model is drawn with when it has not met data yet.</summary>
    const int DrawnFields = 4;

    /// <summary>A model before it has met data.</summary>
    public static View Of(CtrModel model)
    {
        ModelDefinition definition = model.Build(DrawnFields);
        return View.Stack(Drawing(definition, model.GetType().Name, []),
            Parameters(Shapes(definition, featureCount: null, model.GetType().Name),
                Invariant($" It is drawn and counted with {DrawnFields} fields, since it has not met data: more make its first layers wider.")));
    }

    /// <summary>A model for a number of fields.</summary>
    public static View Of(ModelDefinition definition) =>
        View.Stack(Drawing(definition, "Model", []), Parameters(Shapes(definition, null, "Model")));

    /// <summary>A model read from its directory.</summary>
    public static View Of(SavedModel saved)
    {
        ModelDefinition definition = saved.Settings.CreateModel().Build(saved.Features.Fields.Count);
        string name = ModelCatalog.Get(saved.Settings.Model).DisplayName;
        return View.Stack(Drawing(definition, name, [.. saved.Features.Fields.Select(field => field.Name)]),
            Parameters(Shapes(definition, saved.Features.FeatureCount, name)));
    }

    /// <summary>A trained model: its parameters and its curve.</summary>
    public static View Of(TrainedModel trained) => View.Stack(
        RunViews.Of(trained.Training),
        Parameters(new("Parameters", [.. trained.Engine.Parameters.Shapes.Select(shape =>
            (shape.Name, string.Join(" × ", shape.Shape), (long?)shape.Count, shape.Trained))])));

    static View Drawing(ModelDefinition definition, string name, IReadOnlyList<string> fields) =>
        View.Picture(ModelDrawing.ToSvg(definition, name, fields), $"{name}: {Equation(definition)}");

    // "logit = ⟨w, x⟩ + Σ ⟨eᵢ, eⱼ⟩ + deep(400-400-400)"
    static string Equation(ModelDefinition definition) => "logit = " + string.Join(" + ", definition.Terms.Select(term => term switch
    {
        BiasNode => "bias",
        LinearNode => "⟨w, x⟩",
        PairSumNode => "Σ ⟨eᵢ, eⱼ⟩",
        OutputNode output => $"deep({string.Join("-", Widths(output))})",
        _ => term.GetType().Name,
    }));

    static Stack<int> Widths(OutputNode output)
    {
        Stack<int> widths = new();
        for (Node at = output.Input; at is DenseNode dense; at = dense.Input) { widths.Push(dense.Width); }
        return widths;
    }

    static ParameterList Shapes(ModelDefinition definition, int? featureCount, string name) =>
        new(name, [.. definition.Parameters(featureCount ?? 1).Select(shape =>
        {
            bool table = featureCount is null && definition.Nodes.Any(node =>
                node is LinearNode linear && linear.Name == shape.Name || node is EmbedNode embed && embed.Name == shape.Name);
            return (shape.Name, string.Join(" × ", shape.Shape.Select((size, at) => table && at == 0 ? "N" : $"{size}")),
                table ? (long?)null : shape.Count, shape.Trained);
        })]);

    static View Parameters(ParameterList list, string more = "")
    {
        long total = list.Items.Where(item => item.Trained).Sum(item => item.Count ?? 0);
        bool open = list.Items.Any(item => item.Count is null);
        string note = Counted.Of(total, "parameter")
            + (open ? ", and those of the tables: N is the number of features of the data." : ".") + more;
        return View.Table([" parameter", " shape", "numbers"],
        [
            .. list.Items.Select(item => new[] { item.Name, item.Shape, item.Count is { } count ? Invariant($"{count:N0}") : "per data" }),
        ], note);
    }

    sealed record ParameterList(string Name, IReadOnlyList<(string Name, string Shape, long? Count, bool Trained)> Items);
}
