using System.Globalization;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>The clicks: what they depend on, how strongly, and that this shows in the rows.</summary>
public sealed class AppStoreClickTests
{
    const double Deviations = 5;        // of a click count given its probabilities: beyond chance in a million tests
    static readonly AppStore store = new();

    [Fact]
    public void BestReachable_IsAboutEightyFivePercent_AndTheClickRateFifteen()
    {
        BestReachable best = store.Best();
        Assert.InRange(best.Auc, 0.84, 0.86);
        Assert.InRange(store.TestProbabilities().Average(), 0.13, 0.17);

        // The expected loss of a true probability is its entropy; the drawn one differs by chance alone.
        double[] p = store.TestProbabilities();
        double entropy = p.Average(q => -q * Math.Log(q) - (1 - q) * Math.Log(1 - q));
        double variance = p.Average(q => q * (1 - q) * Math.Pow(Math.Log(q / (1 - q)), 2));
        Assert.Equal(entropy, best.LogLoss, Deviations * Math.Sqrt(variance / p.Length));
    }

    [Fact]
    public void Best_IsThatOfTheFile()
    {
        AppStore small = new(new() { TrainRows = 700, TestRows = 3_001 });
        using TempFolder folder = new();
        small.WriteTest(folder["test.csv"]);
        bool[] clicks = [.. File.ReadLines(folder["test.csv"]).Skip(1).Select(line => line[0] == '1')];
        double[] p = small.TestProbabilities();

        double[] positives = [.. p.Where((_, row) => clicks[row])], others = [.. p.Where((_, row) => !clicks[row])];
        double won = positives.Sum(positive => others.Sum(other => positive > other ? 1 : positive == other ? 0.5 : 0));
        double loss = p.Select((q, row) => -Math.Log(clicks[row] ? q : 1 - q)).Average();

        // Ranking in float32 makes ties of probabilities that differ by less than 2⁻²⁴; each moves the AUC by half a pair.
        Assert.Equal(won / positives.Length / others.Length, small.Best().Auc, 1e-5);
        Assert.Equal(loss, small.Best().LogLoss, 1e-6);
    }

    [Fact]
    public void Probabilities_AreThoseOfTheClicks()
    {
        double[] p = store.TestProbabilities();
        Impression scratch = new();
        int[] clicks = [.. Enumerable.Range(0, p.Length).Select(row => store.FillAndClick(scratch, store.Options.TrainRows + row) ? 1 : 0)];

        // By tenths of the probability, so that a wrong slope would show as well as a wrong level.
        foreach (int[] rows in Enumerable.Range(0, p.Length).OrderBy(row => p[row]).Chunk(p.Length / 10))
        {
            double expected = rows.Sum(row => p[row]), variance = rows.Sum(row => p[row] * (1 - p[row]));
            Assert.Equal(expected, rows.Sum(row => clicks[row]), Deviations * Math.Sqrt(variance));
        }
    }

    [Fact]
    public void Shares_AddUp_FallWithTheOrder_AndAreTheDocumentedOnes()
    {
        AppStoreDescription description = store.Describe();

        Assert.Equal(1, description.Effects.Sum(effect => effect.Share), 1e-9);
        double[] shares = [.. Enum.GetValues<LogitPart>().Select(description.ShareOf)];
        Assert.True(shares[0] > shares[1] && shares[1] > shares[2] && shares[2] > 0.03, string.Join(' ', shares));
        Assert.True(shares[3] > 0.005 && shares[4] > 0.05);
        Assert.Equal(description.AucByOrder.Order(), description.AucByOrder);
        Assert.Equal(store.Best().Auc, description.AucByOrder[^1], 1e-4);

        string text = File.ReadAllText(Path.Combine(Root(), "data", "README.md"));
        string[] names = ["order 1", "order 2", "order 3", "drift", "noise"];
        for (int part = 0; part < names.Length; part++)
        {
            string auc = part < 4 ? description.AucByOrder[part].ToString("0.000", CultureInfo.InvariantCulture) : "";
            string line = string.Create(CultureInfo.InvariantCulture, $"| {names[part]} | {100 * shares[part]:0} % | {auc}");
            Assert.Contains(line.TrimEnd(), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Logit_IsTheSumOfItsComponents_AndOfAPlainRecomputation()
    {
        Impression row = new();
        PlainStore plain = new(store);
        for (long number = 0; number < 400_000; number += 4_001)
        {
            store.Fill(row, number);
            double z = store.Clicks.Logit(row), intent = row.Intends ? ClickFunction.Intent : -ClickFunction.Intent;
            double components = store.Clicks.Components.Sum(component => (double)component.Of(row));

            // About fifty terms of at most 4 in float32.
            const double tolerance = 50 * 4 / 16_777_216.0 * 8;
            Assert.Equal(z + intent - ClickFunction.Base, components, tolerance);
            Assert.Equal(plain.Logit(row), z, tolerance);
        }
    }

    [Fact]
    public void FoodAtMealTimes_ShowsInTheClickRates()
    {
        IReadOnlyList<ClickRate> rates = store.ClickRates("category", "hour");
        (double Rate, double Variance) Of(bool food, bool meal) => Rate(rates.Where(rate =>
            (rate.Values[0] == "food-delivery") == food
            && StoreEffects.IsMealTime(int.Parse(rate.Values[1], CultureInfo.InvariantCulture)) == meal));

        // What meal times add to food beyond what they add to all else: an effect of order 2.
        AssertAbove(0.05, Of(true, true), Of(true, false), Of(false, true), Of(false, false));
        Assert.Equal(store.Options.TrainRows, rates.Sum(rate => rate.Rows));
    }

    [Fact]
    public void ShootersForTeenageBoys_ShowInTheClickRates()
    {
        IReadOnlyList<ClickRate> rates = store.ClickRates("gender", "age", "subCategory");
        (double Rate, double Variance) Of(string gender, bool teen, bool shooter) => Rate(rates.Where(rate =>
            rate.Values[0] == gender && (rate.Values[1] == "13-17") == teen
            && (rate.Values[2] is "shooter" or "role-playing") == shooter));

        // What boys have beyond girls and shooters beyond the rest, among teenagers and beyond that among adults: order 3.
        (double Rate, double Variance)[] Four(bool teen) =>
            [Of("male", teen, true), Of("female", teen, true), Of("male", teen, false), Of("female", teen, false)];
        AssertAbove(0.05, Four(teen: true));
        (double teens, double teensVariance) = Difference(Four(teen: true));
        (double adults, double adultsVariance) = Difference(Four(teen: false));
        Assert.True(teens - adults > Deviations * Math.Sqrt(teensVariance + adultsVariance), $"{teens} {adults}");
    }

    [Fact]
    public void Drift_MovesAppsApart()
    {
        // Clicks of apps on the rise against those on the decline, early and late.
        Impression row = new();
        double Gap(int day, out double variance)
        {
            long from = (day - 1) * store.Options.TrainRows / 7;
            (long Rows, long Clicks) up = default, down = default;
            for (long number = from; number < from + 50_000; number++)
            {
                bool click = store.FillAndClick(row, number);
                float trend = store.Apps[row.App].Trend;
                Assert.Equal(day, row.Day);
                if (trend > 0.5f) { up = (up.Rows + 1, up.Clicks + (click ? 1 : 0)); }
                if (trend < -0.5f) { down = (down.Rows + 1, down.Clicks + (click ? 1 : 0)); }
            }
            (double Rate, double Variance) rising = Rate([new([], up.Rows, up.Clicks)]), falling = Rate([new([], down.Rows, down.Clicks)]);
            variance = rising.Variance + falling.Variance;
            return rising.Rate - falling.Rate;
        }

        double early = Gap(1, out double earlyVariance), late = Gap(8, out double lateVariance);
        Assert.True(late - early > Deviations * Math.Sqrt(earlyVariance + lateVariance), $"{early} {late}");
    }

    [Fact]
    public void ClickRates_NameAColumnThatIsNotThere()
    {
        static string Message(params string[] columns) => Assert.Throws<UserErrorException>(() => store.ClickRates(columns)).Message;

        Assert.StartsWith("There is no column 'catgory'; did you mean 'category'? There are: click, day, user, ",
            Message("hour", "catgory"), StringComparison.Ordinal);
        Assert.StartsWith("Name at least one column of click, ", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void ClickRateTable_HasARowForEachValue_NumbersInTheirOrder()
    {
        AppStore small = new(new() { TrainRows = 7_000 });
        Research.Reporting.ResultTable table = small.ClickRateTable("hour");

        Assert.Equal(Enumerable.Range(0, 24).Select(hour => $"{hour}"), table.Rows.Select(row => (string)row[0]!));
        Assert.Equal(["hour", "rows", "clicks", "click_rate"], table.Columns.Select(column => column.Name));
        Assert.Equal(7_000, table.Rows.Sum(row => (long)row[1]!));
    }

    static (double Rate, double Variance) Rate(IEnumerable<ClickRate> rates)
    {
        long rows = rates.Sum(rate => rate.Rows), clicks = rates.Sum(rate => rate.Clicks);
        double rate = (double)clicks / rows;
        // Given the rows, clicks are independent; the variance of their sum is at most that of equal probabilities.
        return (rate, rate * (1 - rate) / rows);
    }

    static (double Value, double Variance) Difference(params (double Rate, double Variance)[] of) =>
        (of[0].Rate - of[1].Rate - of[2].Rate + of[3].Rate, of.Sum(part => part.Variance));

    static void AssertAbove(double atLeast, params (double Rate, double Variance)[] of)
    {
        (double value, double variance) = Difference(of);
        Assert.True(value > Math.Max(atLeast, Deviations * Math.Sqrt(variance)), $"{value} ± {Math.Sqrt(variance)}");
    }

    static string Root([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
