using DeepFM.Research.Paper;
using DeepFM.Research.Statistics;
using static System.FormattableString;

namespace DeepFM.Research.Results;

/// <summary>What Table 2 says, in sentences computed from its figures.</summary>
public static class Discussion
{
    /// <summary>The order here and in the paper, and, on generated rows, what their making predicts.</summary>
    public static IReadOnlyList<string> Of(Table2Input input) => [.. Truth(input), .. Order(input), .. Leads(input)];

    static IEnumerable<string> Truth(Table2Input input)
    {
        if (input.Data.Truth is not { } truth) { yield break; }
        yield return Invariant($"The logit of the generated rows varies by effects of order 1 ({truth.Shares[0]:P0} of its ")
            + Invariant($"variance), order 2 ({truth.Shares[1]:P0}), ")
            + Invariant($"order 3 ({truth.Shares[2]:P0}), drift between days ({truth.Shares[3]:P0}) and noise that no field shows ")
            + Invariant($"({truth.Shares[4]:P0}). ")
            + Invariant($"{truth.NewUsers:P1} of the test rows are of users and {truth.NewApps:P1} of apps that came on the test day.");
        yield return Invariant($"A score that knew the true effects up to order 1 would have an AUC of ")
            + Invariant($"{truth.AucByOrder[0]:0.0000}, up to order 2 {truth.AucByOrder[1]:0.0000}, ")
            + Invariant($"up to order 3 {truth.AucByOrder[2]:0.0000}, and all that is to be known {truth.Best.Auc:0.0000}. So LR, ")
            + Invariant($"which has order 1 alone, should end ")
            + Invariant($"below {truth.AucByOrder[0]:0.0000}, and FM, which adds pairs, below {truth.AucByOrder[1]:0.0000}; both ")
            + Invariant($"have to estimate the effects from rows.");
        ModelFigures? lr = input.Find("lr"), fm = input.Find("fm");
        if (lr is not null)
        {
            yield return Came("LR", lr.Auc.Mean, truth.AucByOrder[0], "order 1");
        }
        if (fm is not null)
        {
            string gain = lr is null ? "" : Invariant($" Its lead over LR is {fm.Auc.Mean - lr.Auc.Mean:+0.0000;-0.0000}; with the ")
                + Invariant($"true effects it would be {truth.AucByOrder[1] - truth.AucByOrder[0]:+0.0000;-0.0000}.");
            yield return Came("FM", fm.Auc.Mean, truth.AucByOrder[1], "order 2") + gain;
        }
        if (Deep(input).MaxBy(row => row.Auc.Mean) is { } best)
        {
            string beyond = best.Auc.Mean > truth.AucByOrder[1] ? "beyond what pairs alone could give" : "still within what pairs "
                + "alone could give";
            yield return Invariant($"The best deep model, {best.DisplayName}, came to {best.Auc.Mean:0.0000}, {beyond}, and ")
                + Invariant($"{truth.Best.Auc - best.Auc.Mean:0.0000} below the best reachable.");
        }
    }

    static IEnumerable<string> Order(Table2Input input)
    {
        ModelFigures[] sorted = [.. input.Models.OrderByDescending(row => row.Auc.Mean)];
        if (sorted.Length < 2) { yield break; }
        yield return $"By AUC the order here is {string.Join(" > ", sorted.Select(row => row.DisplayName))}.";
        foreach ((string title, Func<string, PublishedScore?> score) in Boards(input.Data))
        {
            ModelFigures[] both = [.. input.Models.Where(row => score(row.Model) is not null)];
            if (both.Length < 2) { continue; }
            KendallTau tau = KendallTau.Of([.. both.Select(row => row.Auc.Mean)], [.. both.Select(row => score(row.Model)!.Auc.Value)]);
            yield return $"Of the {tau.Pairs} pairs of models that {title} has too, {tau.Agreeing} {Words.Verb(tau.Agreeing, "stand")} in the "
                + "same order there"
                + (tau.Tau is { } value ? Invariant($" (Kendall's τ {value:0.00}).") : ".");
        }
    }

    static IEnumerable<string> Leads(Table2Input input)
    {
        if (input.Find("deepfm") is not { } own || input.Differences.Count == 0) { yield break; }
        int place = 1 + input.Models.Count(row => row.Auc.Mean > own.Auc.Mean);
        string Names(IEnumerable<ModelDifference> rows) => Words.Models(rows.Select(row => row.Model));
        ModelDifference[] clearlyAbove = [.. input.Differences.Where(row => row.Auc.Low > 0)],
            clearlyBelow = [.. input.Differences.Where(row => row.Auc.High < 0)],
            open = [.. input.Differences.Where(row => !row.Auc.ExcludesZero)];
        yield return $"DeepFM is {Words.Ordinal(place)} of {input.Models.Count} by mean AUC; in the paper it is first of its nine. "
            + $"By the interval over rows its AUC is above that of "
            + $"{Names(clearlyAbove)}, below that of {Names(clearlyBelow)}, and not to be told from that of {Names(open)}.";
        if (input.AucP is not { } p)
        {
            yield return "All of this is one seed's: what another would change is not known.";
            yield break;
        }
        string agreed = Names(input.Differences.Where((row, i) => row.Auc.ExcludesZero && p[i] < PValue.Level));
        yield return $"Another choice of seeds may change that: the t-test over the {own.Aucs.Count} seeds "
            + Invariant($"(p after Holm below {PValue.Level}) agrees on {agreed}.");
    }

    static string Came(string name, double auc, double bound, string order) => Invariant($"{name} came to {auc:0.0000}, ")
        + (auc <= bound
            ? Invariant($"{bound - auc:0.0000} below that of the true effects up to {order}.")
            : Invariant($"{auc - bound:0.0000} above that of the true effects up to {order}: other fields tell it something of the ")
                + Invariant($"higher orders."));

    static IEnumerable<ModelFigures> Deep(Table2Input input) => input.Models.Where(row => row.Model is not ("lr" or "fm"));

    static IEnumerable<(string Title, Func<string, PublishedScore?> Score)> Boards(DataFacts data)
    {
        if (data.IsGenerated) { return [("IJCAI 2017's Table 2 on Company*", model => PaperResults.Ijcai(model, PaperData.Company))]; }
        return data.AreCriteo
            ? [("IJCAI 2017's Table 2 on Criteo", model => PaperResults.Ijcai(model, PaperData.Criteo)), .. Bars(data)]
            : Bars(data);
    }

    static IEnumerable<(string, Func<string, PublishedScore?>)> Bars(DataFacts data) => PaperResults.BarsFor(data.Rows) is { } board
        ? [($"BARS {board.Name}", model => board.Scores.GetValueOrDefault(model))]
        : [];
}
