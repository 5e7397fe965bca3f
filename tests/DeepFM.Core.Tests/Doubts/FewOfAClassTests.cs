using DeepFM.Core.Tests.Data;
using DeepFM.Doubts;

namespace DeepFM.Core.Tests.Doubts;

public class FewOfAClassTests
{
    static readonly DeepFM.Data.Schema schema = Small.OfX(""" "kind": "categorical" """);

    [Fact]
    public void FewPositives_AreSaid_OfEveryPart_WithWhatChanceAloneDoes()
    {
        IReadOnlyCollection<string> notices = Doubt.OfFiles(schema,
            Doubt.Rows(100, 29), valid: Doubt.Rows(3000, 1), test: Doubt.Rows(400, 12));

        Assert.Equal(
        [
            "Only 29 of the 129 training rows are positive: what a model learns from so few depends on chance, and so do its figures. "
                + "Train on more rows, or compare several --seeds.",
            "Only 1 of the 3,001 validation rows is positive: their AUC may be off by 0.58 by chance alone. Give more validation rows, or a "
                + "larger share of --split.",
            "Only 12 of the 412 test rows are positive: their AUC may be off by 0.17 by chance alone. Give more test rows, or a larger share "
                + "of --split.",
        ], notices);
    }

    [Fact]
    public void FewNegatives_AreSaidAlike_AndThirtyOfEachClassAreEnough()
    {
        string notice = Assert.Single(Doubt.OfFiles(schema, Doubt.Rows(30, 30), test: Doubt.Rows(29, 300)));
        Assert.StartsWith("Only 29 of the 329 test rows are negative: ", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void TheErrorOfChance_IsTheDeviationOfAucsOfScoresThatSayNothing()
    {
        // AUC of random scores over random labels: its deviation is √((P + N + 1)/(12·P·N)).
        Random random = new(1);
        float[] labels = [.. Enumerable.Repeat(1f, 12), .. Enumerable.Repeat(0f, 400)];
        double[] aucs = [.. Enumerable.Range(0, 4000).Select(_ =>
            DeepFM.Metrics.Auc.Of([.. labels.Select(_ => random.NextSingle())], labels)!.Value)];
        double deviation = Math.Sqrt(aucs.Average(auc => (auc - 0.5) * (auc - 0.5)));
        Assert.Contains($"off by {2 * deviation:0.00} by chance", FewOfAClass.Sentence("test", 412, 12), StringComparison.Ordinal);
    }
}
