namespace DeepFM.Research.Generation;

/// <summary>The texts of the fields with few values, and how often each value occurs.</summary>
static class StoreNames
{
    /// <summary>Missing for users who do not say.</summary>
    public static readonly string[] Ages = ["13-17", "18-24", "25-34", "35-44", "45-54", "55+", ""];
    public static readonly Choice AgeShares = new(10, 20, 25, 18, 11, 8, 8);

    public static readonly string[] Genders = ["female", "male", ""];
    public static readonly Choice GenderShares = new(47, 47, 6);

    public static readonly string[] Devices = [.. Enumerable.Range(1, 14).Select(number => $"phone{number}")];
    public static readonly Choice DeviceShares = Choice.LongTail(14, 2);

    public static readonly string[] Systems = ["11", "12", "13", "14", "15", "16"];

    public static readonly string[] Cities = [.. Enumerable.Range(1, 60).Select(number => $"city{number}")];
    public static readonly Choice CityShares = Choice.LongTail(60, 3);

    public static readonly string[] Networks = ["wifi", "5g", "4g", "3g"];
    public static readonly Choice NetworkShares = new(55, 25, 17, 3);

    /// <summary>Impressions by hour, 0 to 23, on workdays and on weekends.</summary>
    public static readonly Choice WorkdayHours =
        new(14, 8, 5, 4, 4, 8, 18, 38, 44, 36, 34, 38, 50, 44, 36, 36, 40, 52, 60, 68, 76, 74, 56, 30);
    public static readonly Choice WeekendHours =
        new(26, 18, 11, 7, 5, 6, 9, 16, 28, 42, 52, 56, 58, 56, 54, 52, 52, 54, 58, 62, 66, 66, 56, 40);

    public static readonly string[] Pages = ["home", "category", "ranking", "search"];
    public static readonly Choice PageShares = new(45, 20, 20, 15);

    /// <summary>Places 1 to 20 of a page; the lower ones are seen less often.</summary>
    public const int PositionCount = 20;
    public static readonly Choice PositionShares = Choice.LongTail(PositionCount, 3);

    public static readonly string[] Prices = ["free", "below 1", "1 to 5", "above 5"];
    public static readonly Choice PriceShares = new(80, 8, 9, 3);

    /// <summary>Categories with their share of all apps, in percent, and their sub-categories, which share evenly.</summary>
    public static readonly (string Name, int Share, string[] Parts)[] Categories =
    [
        ("games", 22, ["shooter", "role-playing", "puzzle", "racing", "strategy", "casual", "cards", "simulation"]),
        ("food-delivery", 7, ["restaurants", "groceries", "coffee", "meal-kits"]),
        ("social", 8, ["chat", "dating", "forums", "photo-sharing"]),
        ("video", 7, ["films", "short-video", "live", "television"]),
        ("music", 6, ["songs", "radio", "podcasts", "karaoke"]),
        ("news", 5, ["headlines", "magazines", "local", "weather"]),
        ("shopping", 8, ["fashion", "electronics", "second-hand", "coupons"]),
        ("finance", 6, ["banking", "payments", "investing", "budget"]),
        ("travel", 5, ["hotels", "flights", "trains", "maps"]),
        ("health", 5, ["fitness", "diet", "sleep", "doctors"]),
        ("education", 5, ["languages", "school", "courses", "children"]),
        ("business", 4, ["mail", "documents", "meetings", "calendars"]),
        ("tools", 5, ["cleaners", "keyboards", "launchers", "files"]),
        ("photo", 4, ["cameras", "editors", "albums", "collages"]),
        ("books", 3, ["novels", "comics", "audiobooks", "dictionaries"]),
    ];
    public static readonly Choice CategoryShares = new([.. Categories.Select(category => (double)category.Share)]);

    public static readonly string[] SubCategories = [.. Categories.SelectMany(category => category.Parts)];

    /// <summary>Index of a category's first sub-category in <see cref="SubCategories"/>.</summary>
    public static readonly int[] FirstParts =
        [.. Categories.Select((_, index) => Categories.Take(index).Sum(category => category.Parts.Length))];

    /// <summary>Index of a category by its name.</summary>
    public static int Category(string name) => Array.FindIndex(Categories, category => category.Name == name);

    /// <summary>Index of a sub-category by its name.</summary>
    public static int SubCategory(string name) => Array.IndexOf(SubCategories, name);
}
