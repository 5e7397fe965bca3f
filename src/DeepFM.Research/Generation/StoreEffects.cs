using DeepFM.Numerics;
using static DeepFM.Research.Generation.StoreNames;

namespace DeepFM.Research.Generation;

/// <summary>The effects of fields with few values on the logit: each line is one, with the fields it depends on.</summary>
/// <remarks>
/// A number states an effect outright; "drawn" adds one of the highest order alone, normal, with that deviation over rows.
/// Sizes fall with the order, as effects do in experiments (the hierarchy principle: Wu and Hamada, Experiments, section 4.6);
/// no size was chosen by how a model fares.
/// </remarks>
static class StoreEffects
{
    static readonly int games = Category("games"), food = Category("food-delivery"), video = Category("video"),
        music = Category("music"), news = Category("news"), finance = Category("finance"), travel = Category("travel"),
        education = Category("education"), business = Category("business");

    static readonly int shooter = SubCategory("shooter"), rolePlaying = SubCategory("role-playing"),
        fashion = SubCategory("fashion"), photoSharing = SubCategory("photo-sharing"), cards = SubCategory("cards");

    /// <summary>Hours of lunch and dinner.</summary>
    public static bool IsMealTime(int hour) => hour is (>= 11 and <= 13) or (>= 18 and <= 20);

    /// <summary>All tables.</summary>
    /// <param name="apps">Gives the shares of rows of what belongs to apps.</param>
    /// <param name="key">Of the drawn effects.</param>
    public static EffectTable[] Make(StoreApps apps, ulong key)
    {
        double[][] weights = Weights(apps);
        List<EffectTable> tables = [];

        void Add(string name, int[] axes, double drawn = 0, Func<int[], double>? stated = null) =>
            tables.Add(new(name, axes, weights, stated, drawn, CounterRandom.Key(key, (ulong)tables.Count)));

        // Order 1.
        Add("position", [Axis.Position], stated: at => -0.5 * Math.Log(at[0] + 1));
        Add("page", [Axis.Page], stated: at => at[0] switch { 0 => 0, 1 => 0.1, 2 => 0.2, _ => 0.7 });
        Add("hour", [Axis.Hour], stated: at => at[0] is >= 18 and <= 22 ? 0.2 : at[0] < 6 ? -0.2 : 0);
        Add("weekend", [Axis.Weekend], stated: at => 0.1 * at[0]);
        Add("network", [Axis.Network], stated: at => at[0] switch { 0 => 0.2, 3 => -0.4, _ => 0 });
        Add("price", [Axis.Price], stated: at => at[0] switch { 0 => 0, 1 => -0.7, 2 => -1.1, _ => -1.6 });
        Add("number of recent downloads", [Axis.RecentCount], stated: at => 0.08 * at[0]);
        Add("age", [Axis.Age], drawn: 0.25);
        Add("gender", [Axis.Gender], drawn: 0.1);
        Add("device", [Axis.Device], drawn: 0.2);
        Add("city", [Axis.City], drawn: 0.15);
        Add("category", [Axis.Category], drawn: 0.4);
        Add("sub-category", [Axis.SubCategory], drawn: 0.25);

        // Order 2, with the part of order 1 that stated effects bring along.
        Add("time of day and category", [Axis.Hour, Axis.Category], drawn: 0.15, stated: at => TimeOfDay(at[0], at[1]));
        Add("weekend and category", [Axis.Weekend, Axis.Category], stated: at => at[0] == 0 ? 0
            : at[1] == business ? -0.7 : at[1] == education ? -0.4 : at[1] == travel ? 0.4 : at[1] == games ? 0.25 : 0);
        Add("age and category", [Axis.Age, Axis.Category], drawn: 0.4);
        Add("gender and sub-category", [Axis.Gender, Axis.SubCategory], drawn: 0.3);
        Add("city and category", [Axis.City, Axis.Category], drawn: 0.15);
        Add("device and price", [Axis.Device, Axis.Price], drawn: 0.15);
        // Nobody likes to load large apps without wifi.
        Add("network and size", [Axis.Network, Axis.SizeBand], stated: at => at[0] == 0 ? 0 : -0.35 * at[1]);
        // Who searches or browses a category reads on.
        Add("page and position", [Axis.Page, Axis.Position], stated: at => at[0] is 1 or 3 ? 0.3 * Math.Log(at[1] + 1) : 0);
        Add("last app and category", [Axis.LastCategory, Axis.Category], drawn: 0.2, stated: at => at[0] == at[1] ? 0.5 : 0);

        // Order 3, with the parts of lower order that stated effects bring along.
        Add("gender, age and sub-category", [Axis.Gender, Axis.Age, Axis.SubCategory], drawn: 0.3,
            stated: at => Group(at[0], at[1], at[2]));
        Add("weekend, part of the day and category", [Axis.Weekend, Axis.DayPart, Axis.Category], drawn: 0.25,
            stated: at => at[0] == 0 && at[1] is 1 or 4 && (at[2] == music || at[2] == news) ? 0.6 : 0);     // on the way to work
        Add("age, part of the day and category", [Axis.Age, Axis.DayPart, Axis.Category], drawn: 0.3);
        return [.. tables];
    }

    static double TimeOfDay(int hour, int category) =>
        category == food ? IsMealTime(hour) ? 1.4 : 0
        : category == news ? hour is >= 6 and < 9 ? 0.7 : 0
        : category == business || category == finance ? hour is >= 9 and < 17 ? 0.5 : 0
        : category == video || category == games ? hour is >= 20 and < 24 ? 0.4 : 0
        : 0;

    static double Group(int gender, int age, int sub) => (Genders[gender], Ages[age]) switch
    {
        ("male", "13-17") => sub == shooter || sub == rolePlaying ? 2 : 0,
        ("female", "18-24") => sub == fashion || sub == photoSharing ? 1.2 : 0,
        ("female", "55+") => sub == cards ? 1.2 : 0,
        _ => 0,
    };

    /// <summary>Shares of rows of each axis: exact where a value is drawn by itself; those of the last two are close.</summary>
    public static double[][] Weights(StoreApps apps)
    {
        double[] hours = [.. WorkdayHours.Weights.Zip(WeekendHours.Weights, (workday, weekend) => (5 * workday + 2 * weekend) / 7)];
        double[] categories = apps.Weights(Categories.Length, app => app.Category);
        double[][] weights = new double[Axis.Count][];
        weights[Axis.Age] = AgeShares.Weights;
        weights[Axis.Gender] = GenderShares.Weights;
        weights[Axis.Device] = DeviceShares.Weights;
        weights[Axis.City] = CityShares.Weights;
        weights[Axis.Network] = NetworkShares.Weights;
        weights[Axis.Hour] = hours;
        weights[Axis.DayPart] = [.. Enumerable.Range(0, 6).Select(part => hours.Where((_, hour) => Axis.PartOf(hour) == part).Sum())];
        weights[Axis.Weekday] = [.. Enumerable.Repeat(1 / 7.0, 7)];
        weights[Axis.Weekend] = [5 / 7.0, 2 / 7.0];
        weights[Axis.Page] = PageShares.Weights;
        weights[Axis.Position] = PositionShares.Weights;
        weights[Axis.Category] = categories;
        weights[Axis.SubCategory] = apps.Weights(SubCategories.Length, app => app.SubCategory);
        weights[Axis.Price] = apps.Weights(Prices.Length, app => app.Price);
        weights[Axis.SizeBand] = apps.Weights(4, app => app.SizeBand);
        weights[Axis.LastCategory] = [.. categories.Select(share => 0.8 * share), 0.2];
        weights[Axis.RecentCount] = AppStore.RecentCounts.Weights;
        return weights;
    }
}
