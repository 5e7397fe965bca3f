using DeepFM.Research.Reporting;
using ChartAxis = DeepFM.Research.Reporting.Axis;

namespace DeepFM.Research.Generation;

/// <summary>The interactions in the rows of an <see cref="AppStore"/> as charts: what single fields do not show.</summary>
public static class StoreFigures
{
    const string Errors = "Bars are standard errors.";
    static readonly ChartAxis clickRate = new("click rate");

    /// <summary>Order 2: click rates by hour, of food delivery and of the other categories. Two columns make the difference.</summary>
    /// <param name="store">Its training rows are counted.</param>
    public static Figure FoodByHour(AppStore store)
    {
        IReadOnlyList<ClickRate> rates = store.ClickRates("category", "hour");
        string[] hours = [.. Enumerable.Range(0, 24).Select(hour => $"{hour}")];
        Series Line(string name, bool food) => Of(name, SeriesKind.Line, hours,
            rates.Where(rate => rate.Values[0] == "food-delivery" == food), rate => rate.Values[1]);
        return new("food-by-hour", "Order 2: food delivery at meal times",
            [new("", new("hour of the day", hours), clickRate, [Line("food delivery", true), Line("all other categories", false)])])
        {
            Caption = $"Clicks by rows of the training days. Lunch is 11 to 13 h, dinner 18 to 20 h. {Errors}",
        };
    }

    /// <summary>
    /// Order 3: click rates by age and gender, of shooters and role-playing games and of all other apps. Three columns make the
    /// difference.
    /// </summary>
    /// <param name="store">Its training rows are counted; those of users who do not tell age or gender are left out.</param>
    public static Figure ShootersByAge(AppStore store)
    {
        IReadOnlyList<ClickRate> rates = store.ClickRates("gender", "age", "subCategory");
        string[] ages = [.. StoreNames.Ages.Where(age => age.Length > 0)];
        Panel Side(string title, bool games) => new(title, new("age", ages), clickRate,
            [.. StoreNames.Genders.Where(gender => gender.Length > 0).Select(gender => Of(gender, SeriesKind.Bars, ages,
                rates.Where(rate => rate.Values[0] == gender && (rate.Values[2] is "shooter" or "role-playing") == games),
                rate => rate.Values[1]))]);
        return new("shooters-by-age", "Order 3: male teenagers and shooters",
            [Side("shooters and role-playing games", true), Side("all other apps", false)])
        {
            Caption = "Clicks by rows of the training days. Pairs of the three columns explain what the highest bar shares with its "
                + $"neighbours; what it has above that takes all three. {Errors}",
        };
    }

    /// <summary>How much of the click's logit is of which order, and how well one could rank who knew no more than that.</summary>
    public static Figure Orders(AppStoreDescription description)
    {
        string[] parts = ["order 1", "order 2", "order 3", "drift", "noise"];
        string[] known = ["order 1", "… and 2", "… and 3", "… and drift"];
        LogitPart[] all = [LogitPart.Order1, LogitPart.Order2, LogitPart.Order3, LogitPart.Drift, LogitPart.Noise];
        return new("orders", "What a click depends on",
        [
            new("Share of the logit's variance", new("part", parts), new("share"),
                [new("truth", SeriesKind.Bars, Places(all.Length), [.. all.Select(part => (double?)description.ShareOf(part))])]),
            new("AUC of a score that knows", new("parts", known), new("AUC") { Min = 0.5 },
                [new("truth", SeriesKind.Bars, Places(known.Length), [.. description.AucByOrder.Select(auc => (double?)auc)])]),
        ])
        {
            Caption = "Computed from the rows' known click probabilities. No model gets quite there: it has to estimate the effects "
                + "from clicks.",
        };
    }

    /// <summary>How unevenly rows are told among the values of a column: the k-th value's rows, both axes logarithmic.</summary>
    /// <param name="what">What the values are, such as "user".</param>
    /// <param name="rows">Rows of each value, the largest first, each more than 0.</param>
    public static Figure LongTail(string what, IReadOnlyList<double> rows) => new("long-tail", $"Rows by {what}",
    [
        new("", new($"{what}s, the most frequent first", Logarithmic: true), new("training rows", Logarithmic: true),
            [new("rows", SeriesKind.Marks, [.. rows.Select((_, at) => at + 1.0)], [.. rows.Select(count => (double?)count)])]),
    ]);

    // Clicks by rows of what is at each place; a gap where there are none.
    static Series Of(string name, SeriesKind kind, string[] places, IEnumerable<ClickRate> rates,
        Func<ClickRate, string> place)
    {
        ILookup<string, ClickRate> at = rates.ToLookup(place);
        ClickRate[] sums = [.. places.Select(text =>
            new ClickRate([text], at[text].Sum(rate => rate.Rows), at[text].Sum(rate => rate.Clicks)))];
        return new(name, kind, Places(places.Length), [.. sums.Select(sum => sum.Rows == 0 ? (double?)null : sum.Rate)])
        {
            Deviations = [.. sums.Select(sum => sum.Rows == 0 ? (double?)null : Math.Sqrt(sum.Rate * (1 - sum.Rate) / sum.Rows))],
        };
    }

    static double[] Places(int count) => [.. Enumerable.Range(0, count).Select(place => (double)place)];
}
