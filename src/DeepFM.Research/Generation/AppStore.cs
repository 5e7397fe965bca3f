using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>A generated log of an app store: seven days to train on, the next day to test on.</summary>
/// <remarks>
/// <para>
/// It stands in for the Company* log of the paper (Guo et al. 2017, section 3.1), which was never published: app, user and
/// context fields, ids with long tails, new users and apps on the test day, drift between days. The click probability is a known
/// function of the row, see <see cref="ClickFunction"/> and <c>data/README.md</c>, so the best reachable figures are known too.
/// </para>
/// <para>A row is a function of the options and its number alone; the same options give the same bytes for any number of threads.</para>
/// </remarks>
public sealed partial class AppStore
{
    /// <summary>Days of training and the day of testing.</summary>
    public const int DayCount = 8;

    /// <summary>Recent downloads of users who were there two days ago or longer; 0 to 5.</summary>
    internal static readonly Choice RecentCounts = new(10, 10, 20, 20, 20, 20);

    const int CandidatesOfRecent = 3;

    readonly LongTail users;
    readonly StoreApps apps;
    readonly ClickFunction clicks;
    readonly ulong userKey, recentKey, recentCountKey, rowKey;

    /// <summary>Draws the apps and the effects; rows are drawn when asked for.</summary>
    public AppStore(AppStoreOptions? options = null)
    {
        Options = options ?? new();
        ulong seed = Options.Seed;
        users = new(Options.UserCount, head: 50);
        apps = new(Options.AppCount, seed);
        clicks = new(apps, seed);
        userKey = CounterRandom.Key(seed, StoreKeys.User);
        recentKey = CounterRandom.Key(seed, StoreKeys.Recent);
        recentCountKey = CounterRandom.Key(seed, StoreKeys.RecentCount);
        rowKey = CounterRandom.Key(seed, StoreKeys.Row);
    }

    /// <summary>What the rows are drawn by.</summary>
    public AppStoreOptions Options { get; }

    /// <summary>The schema <c>data/schemas/app-store.json</c>.</summary>
    public static Schema Schema => Schema.Parse(SchemaText, "app-store.json");

    /// <summary>The text of <see cref="Schema"/>, for a copy beside the rows.</summary>
    public static string SchemaText
    {
        get
        {
            using Stream stream = typeof(AppStore).Assembly.GetManifestResourceStream("app-store.json")!;
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Columns of the files, in order: those of the schema and the day, which no field reads.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "click", "day", "user", "age", "gender", "device", "os", "city", "network", "hour", "weekday", "page", "position", "app",
        "category", "subCategory", "price", "rating", "sizeMb", "appAgeDays", "lastApp", "recentDownloads",
    ];

    internal ClickFunction Clicks => clicks;

    internal StoreApps Apps => apps;

    /// <summary>Writes days 1 to 7 as CSV with a header, whole or not at all, and returns the bytes.</summary>
    /// <param name="path">Replaced when it is there.</param>
    /// <param name="threads">Threads that make rows, in [1, 1024]; 0 for one a core. The bytes do not depend on them.</param>
    /// <param name="progress">Told after each block of rows.</param>
    /// <param name="cancel">Stops between two blocks; then nothing is left behind.</param>
    /// <exception cref="UserErrorException">The disk has no room for so many rows.</exception>
    public long WriteTrain(string path, int threads = 0, IProgress<WriteProgress>? progress = null, CancellationToken cancel = default) =>
        Write(path, 0, Options.TrainRows, threads, progress, cancel);

    /// <summary>Writes day 8, otherwise like <see cref="WriteTrain"/>.</summary>
    /// <inheritdoc cref="WriteTrain"/>
    public long WriteTest(string path, int threads = 0, IProgress<WriteProgress>? progress = null, CancellationToken cancel = default) =>
        Write(path, Options.TrainRows, Options.TestRows, threads, progress, cancel);

    /// <summary>The true click probability of each test row, in the file's order: all that is to be known, but for the noise.</summary>
    public double[] TestProbabilities()
    {
        double[] probabilities = new double[Options.TestRows];
        ForTestRows((row, at) => probabilities[at] = ClickFunction.Probability(clicks.Logit(row)));
        return probabilities;
    }

    /// <summary>AUC and log loss of the true probability against the clicks of the test rows.</summary>
    /// <remarks>
    /// No model gets quite there: the true probability knows the tastes of users and the qualities of apps that no training row
    /// shows. AUC is not a number when all test rows are of one class, which takes few of them.
    /// </remarks>
    public BestReachable Best()
    {
        float[] labels = new float[Options.TestRows], logits = new float[Options.TestRows];
        ForTestRows((row, at) =>
        {
            double z = clicks.Logit(row), p = ClickFunction.Probability(z);
            labels[at] = ClickFunction.IsClick(row, z) ? 1 : 0;
            logits[at] = (float)Math.Log(p / (1 - p));
        });
        return new(Auc.Of(logits, labels) ?? double.NaN, LogLoss.Of(logits, labels));
    }

    void ForTestRows(Action<Impression, int> body) =>
        Parallel.For(0, (Options.TestRows + RowsOfPart - 1) / RowsOfPart, part =>
        {
            Impression row = new();
            for (int at = part * RowsOfPart; at < Math.Min((part + 1) * RowsOfPart, Options.TestRows); at++)
            {
                Fill(row, Options.TrainRows + at);
                body(row, at);
            }
        });

    const int RowsOfPart = 4096;

    // Day 1 to 7 by the place among the training rows, which are in the order of time; then 8.
    int DayOf(long row) => row < Options.TrainRows ? (int)((Int128)row * (DayCount - 1) / Options.TrainRows) + 1 : DayCount;

    /// <summary>Draws a row, and says whether it is clicked.</summary>
    internal bool FillAndClick(Impression to, long row)
    {
        Fill(to, row);
        return ClickFunction.IsClick(to, clicks.Logit(to));
    }

    /// <summary>Draws a row: training rows first, then test rows.</summary>
    internal void Fill(Impression to, long row)
    {
        ulong key = CounterRandom.Key(rowKey, (ulong)row);
        ulong Bits(ulong draw) => CounterRandom.Bits(key, draw);
        int[] at = to.At;
        int day = DayOf(row);
        to.Day = day;

        StoreUser user;
        ulong attempt = 0;
        do { user = new(userKey, to.User = users.Of(Bits(attempt))); } while (user.Arrival > day && ++attempt < 64);
        attempt = 64;
        do { to.App = apps.Popularity.Of(Bits(attempt)); } while (apps[to.App].Arrival > day && ++attempt < 128);
        ref readonly StoreApp app = ref apps[to.App];

        user.Taste(to.Taste);
        (to.UserBias, to.System) = (user.Bias, user.System);
        (at[Axis.Age], at[Axis.Gender], at[Axis.Device], at[Axis.City]) = (user.Age, user.Gender, user.Device, user.City);

        ulong context = Bits(128);
        int weekday = (day - 1) % 7;                    // day 1 is a Monday, so is day 8
        at[Axis.Weekday] = weekday;
        at[Axis.Weekend] = weekday >= 5 ? 1 : 0;
        at[Axis.Hour] = (weekday >= 5 ? StoreNames.WeekendHours : StoreNames.WorkdayHours).Of(context);
        at[Axis.DayPart] = Axis.PartOf(at[Axis.Hour]);
        at[Axis.Network] = StoreNames.NetworkShares.Of(context >> 12);
        at[Axis.Page] = StoreNames.PageShares.Of(context >> 24);
        at[Axis.Position] = StoreNames.PositionShares.Of(context >> 36);
        to.Intends = (long)context < 0;

        (at[Axis.Category], at[Axis.SubCategory]) = (app.Category, app.SubCategory);
        (at[Axis.Price], at[Axis.SizeBand]) = (app.Price, app.SizeBand);
        to.AppAge = app.AgeAtDay0 + day;

        FillRecent(to, user);
        FillLast(to, Bits(129), Bits(130));
        to.ClickDraw = (Bits(131) >> 11) * (1.0 / (1L << 53));
    }

    // What the user took until the day before: of a few popular apps each, the one most to the taste. Alike all day.
    void FillRecent(Impression to, in StoreUser user)
    {
        int before = to.Day - 1, known = before - user.Arrival + 1;
        ulong dayOfUser = (ulong)to.User * DayCount + (ulong)before;
        // Those who were there before day 1 have a history; others have at most two downloads for each day.
        int wanted = RecentCounts.Of(CounterRandom.Bits(recentCountKey, dayOfUser));
        if (user.Arrival > 1) { wanted = Math.Min(wanted, 2 * known); }
        int count = 0;
        for (int slot = 0; slot < wanted; slot++)
        {
            int best = -1;
            float bestProduct = float.NegativeInfinity;
            for (int i = 0; i < CandidatesOfRecent; i++)
            {
                ulong place = (dayOfUser * Impression.MostRecent + (ulong)slot) * CandidatesOfRecent + (ulong)i;
                int candidate = apps.Popularity.Of(CounterRandom.Bits(recentKey, place));
                if (apps[candidate].Arrival > Math.Max(before, 1)) { continue; }
                float product = ClickFunction.Product(to.Taste, apps.Taste(candidate));
                if (product > bestProduct) { (best, bestProduct) = (candidate, product); }
            }
            if (best >= 0 && to.Recent.AsSpan(0, count).IndexOf(best) < 0) { to.Recent[count++] = best; }
        }
        to.RecentCount = to.At[Axis.RecentCount] = count;
    }

    // None in a fifth of the rows, one of the recent downloads in about half, else any app that is there.
    void FillLast(Impression to, ulong kind, ulong which)
    {
        int fifth = (int)((kind >> 32) * 10 >> 32);
        to.LastApp = fifth < 2 ? -1
            : fifth < 7 && to.RecentCount > 0 ? to.Recent[(int)((which >> 32) * (ulong)to.RecentCount >> 32)]
            : apps.Popularity.Of(which);
        if (to.LastApp >= 0 && apps[to.LastApp].Arrival > to.Day) { to.LastApp = -1; }
        to.At[Axis.LastCategory] = to.LastApp >= 0 ? apps[to.LastApp].Category : StoreNames.Categories.Length;
    }
}
