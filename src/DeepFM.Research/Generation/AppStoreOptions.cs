namespace DeepFM.Research.Generation;

/// <summary>Everything that defines the rows of an <see cref="AppStore"/>.</summary>
public sealed record AppStoreOptions
{
    /// <summary>Rows of days 1 to 7, spread evenly over them. In [7, 10¹²].</summary>
    /// <remarks>The default is 50,000 a day: enough to tell models apart, few enough to train one in seconds.</remarks>
    public long TrainRows { get; init => field = Require.InRange(value, 7, 1_000_000_000_000); } = 350_000;

    /// <summary>Rows of day 8. In [1, 2³⁰].</summary>
    /// <remarks>The default is as many as a day of training has.</remarks>
    public int TestRows { get; init => field = Require.InRange(value, 1, 1 << 30); } = 50_000;

    /// <summary>Users, those who come during the eight days included. In [100, 10⁹].</summary>
    /// <remarks>
    /// By default 350,000 rows show a user about 12 apps a day, less than one page of a store; half of the users see fewer than 8.
    /// </remarks>
    public int UserCount { get; init => field = Require.InRange(value, 100, 1_000_000_000); } = 4_000;

    /// <summary>Apps, those that appear during the eight days included. In [100, 10⁶]; each takes about 100 bytes of memory.</summary>
    /// <remarks>
    /// The default is a corner of a store, such as a ranking of each sub-category: an app has 350 training rows on average.
    /// </remarks>
    public int AppCount { get; init => field = Require.InRange(value, 100, 1_000_000); } = 1_000;

    /// <summary>Seed of users, apps, drawn effects and rows. The same options give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;
}
