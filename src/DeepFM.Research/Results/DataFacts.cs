using DeepFM.Research.Paper;
using DeepFM.Training;

namespace DeepFM.Research.Results;

/// <summary>The best that any model can reach on rows whose true click probabilities are known.</summary>
/// <param name="Auc">AUC of the true probabilities.</param>
/// <param name="LogLoss">Their log loss, nats per row.</param>
public sealed record BestScores(double Auc, double LogLoss);

/// <summary>What is known of rows whose click probability is a known function.</summary>
/// <param name="Best">The best reachable figures on the test rows.</param>
/// <param name="AucByOrder">
/// AUC on the test rows of scores that know the true effects up to order 1, up to 2, up to 3, and all that is to be known.
/// </param>
/// <param name="Shares">Share of the logit's variance by order 1, 2, 3, drift and noise; they add up to 1.</param>
/// <param name="NewUsers">Share of test rows whose user comes on the test day, so that no training row has it.</param>
/// <param name="NewApps">Share of test rows whose app appears on the test day.</param>
public sealed record TruthFacts(BestScores Best, IReadOnlyList<double> AucByOrder, IReadOnlyList<double> Shares, double NewUsers,
    double NewApps);

/// <summary>What a report says of the rows that it is about.</summary>
public sealed record DataFacts
{
    /// <summary>The schema's name.</summary>
    public required string SchemaName { get; init; }

    /// <summary>What the rows are, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>How many there are: published figures belong to published rows alone.</summary>
    public required DataReport Rows { get; init; }

    /// <summary>Whether the rows stand for the paper's Company* log.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>What is known of the true click probabilities; null for data from life.</summary>
    public TruthFacts? Truth { get; init; }

    /// <summary>The best reachable figures; null where the truth is not known, or figures are not on test rows.</summary>
    public BestScores? Best => Truth?.Best;

    /// <summary>Whether the rows are those of Criteo that the papers report on.</summary>
    public bool AreCriteo => !IsGenerated && PaperResults.CriteoRows.Are(Rows);

    /// <summary>The published tables that belong beside figures on these rows: column name, title, score by model.</summary>
    /// <remarks>
    /// They stand beside figures on the published rows, told by their numbers. The one exception is the kit's own app store, which stands
    /// for the Company* log that nobody can have: its order is there to be compared, and each column says that its rows are others.
    /// </remarks>
    public IReadOnlyList<(string Name, string Title, Func<string, PublishedScore?> Score)> Published =>
        IsGenerated ? [("company", "published, Company* (other rows)", Paper(PaperData.Company))]
        : AreCriteo
            ?
            [
                ("criteo", "published, Criteo", Paper(PaperData.Criteo)),
                .. Bars(),
            ]
        : Bars();

    // Why there is no published figure; null where there is one.
    string? WhyNotPublished()
    {
        if (Published.Count > 0) { return null; }
        BarsBoard? board = PaperResults.Bars.FirstOrDefault(board => board.SchemaName == SchemaName);
        PublishedRows? published = SchemaName == "criteo" ? PaperResults.CriteoRows : board?.Rows;
        return "No published figures stand beside these: " + (published is null
            ? "by their numbers, the rows are none that the kit has published figures of."
            : $"those of {(SchemaName == "criteo" ? "the paper and of BARS" : $"BARS, {board!.Name},")} are of {published}, and here are "
                + $"{published.WordsOf(Rows)}.");
    }

    /// <summary>The sentences below Table 2.</summary>
    public IEnumerable<string> Notes(IReadOnlyList<ModelFigures> models)
    {
        RunReport sample = models[0].Runs[0].Report;
        bool onTest = sample.Test is not null;
        SplitReport rows = (onTest ? sample.Data.Test : sample.Data.Valid)!;
        ulong[] seeds = [.. models[0].Runs.Select(run => run.Run.Seed)];
        yield return FormattableString.Invariant($"Figures on {(onTest ? "test" : "validation")} rows ({rows.Rows:N0}, ")
            + FormattableString.Invariant($"{rows.PositiveRate:P2} positive), ")
            + (seeds.Length == 1 ? $"seed {seeds[0]}" : $"mean ± sample standard deviation over seeds {string.Join(", ", seeds)}")
            + FormattableString.Invariant($"; {Counted.Of(sample.Data.Train.Rows, "training row")}. Split: {sample.Data.Split}. Data digest ")
            + FormattableString.Invariant($"{sample.Data.Digest[..12]}.");
        yield return Words.ArithmeticOf(models.SelectMany(model => model.Runs).Select(run => run.Report));
        if (Best is { } best)
        {
            yield return FormattableString.Invariant($"Best reachable on these rows, from the true click probabilities: AUC ")
                + FormattableString.Invariant($"{best.Auc:0.0000}, log loss {best.LogLoss:0.0000}.");
        }
        foreach (PaperSource source in Published.SelectMany(table => models.Select(model => table.Score(model.Model)?.Auc.Source))
            .OfType<PaperSource>().Distinct())
        {
            yield return $"Published: {source.Name} ({source.Citation})."
                + (IsGenerated ? " Its rows are other ones: orders can be compared, levels cannot." : "");
        }
        if (WhyNotPublished() is { } why) { yield return why; }
    }

    // The conference's nine models; the extended version has the same figures for them, and four models more.
    static Func<string, PublishedScore?> Paper(PaperData data) =>
        model => PaperResults.Ijcai(model, data) ?? PaperResults.Extended(model, data);

    IReadOnlyList<(string, string, Func<string, PublishedScore?>)> Bars() => PaperResults.BarsFor(Rows) is not { } board ? []
        : [("bars", $"BARS {board.Name}", model => board.Scores.GetValueOrDefault(model))];
}
