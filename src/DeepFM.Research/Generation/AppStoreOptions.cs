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
    /// <remarks>The default gives a user 12 training rows on average; by the long tail half of the users have fewer than 7.</remarks>
    public int UserCount { get; init => field = Require.InRange(value, 100, 1_000_000_000); } = 30_000;

    /// <summary>Apps, those that appear during the eight days included. In [100, 10⁶]; each takes about 100 bytes of memory.</summary>
    /// <remarks>The default gives an app 117 training rows on average.</remarks>
    public int AppCount { get; init => field = Require.InRange(value, 100, 1_000_000); } = 3_000;

    /// <summary>Seed of users, apps, drawn effects and rows. The same options give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;
}
