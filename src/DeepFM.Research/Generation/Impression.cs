namespace DeepFM.Research.Generation;

/// <summary>One row: an app that was shown to a user, as numbers. Filled again for each row.</summary>
sealed class Impression
{
    /// <summary>Most recent downloads that a row lists.</summary>
    public const int MostRecent = 5;

    /// <summary>The value at each place of <see cref="Axis"/>, for the tables of effects.</summary>
    public int[] At { get; } = new int[Axis.Count];

    /// <summary>The user's taste vector.</summary>
    public float[] Taste { get; } = new float[StoreUser.TasteSize];

    /// <summary>Apps that the user took lately; <see cref="RecentCount"/> of them.</summary>
    public int[] Recent { get; } = new int[MostRecent];

    public int RecentCount { get; set; }

    /// <summary>1 to 8.</summary>
    public int Day { get; set; }

    public int User { get; set; }
    public float UserBias { get; set; }
    public int System { get; set; }
    public int App { get; set; }

    /// <summary>The app used before; −1 for none.</summary>
    public int LastApp { get; set; }

    /// <summary>Days since the app's publication.</summary>
    public int AppAge { get; set; }

    /// <summary>Whether the user means to install something today. No field shows it.</summary>
    public bool Intends { get; set; }

    /// <summary>Uniform in [0, 1): a click when below the probability.</summary>
    public double ClickDraw { get; set; }
}

/// <summary>Places of <see cref="Impression.At"/>: fields with few values, or coarse forms of fields.</summary>
static class Axis
{
    public const int Age = 0, Gender = 1, Device = 2, City = 3, Network = 4, Hour = 5, DayPart = 6, Weekday = 7, Weekend = 8,
        Page = 9, Position = 10, Category = 11, SubCategory = 12, Price = 13, SizeBand = 14, LastCategory = 15,
        RecentCount = 16, Count = 17;

    /// <summary>The columns of the file that the values are read from.</summary>
    public static readonly string[] Fields =
    [
        "age", "gender", "device", "city", "network", "hour", "hour", "weekday", "weekday", "page", "position", "category",
        "subCategory", "price", "sizeMb", "lastApp", "recentDownloads",
    ];

    /// <summary>Part of the day of each hour: night, morning, forenoon, noon, afternoon, evening.</summary>
    public static int PartOf(int hour) => hour switch { < 6 => 0, < 9 => 1, < 11 => 2, < 14 => 3, < 18 => 4, _ => 5 };
}
