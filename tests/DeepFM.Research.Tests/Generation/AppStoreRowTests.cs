using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>What rows look like: shares of values, long tails, new users and apps, consistent cells.</summary>
public sealed class AppStoreRowTests
{
    const double Deviations = 5;
    static readonly AppStore store = new();
    static readonly Dictionary<string, int> places = AppStore.Columns.Select((column, place) => (column, place)).ToDictionary();
    static readonly string[][] train = Rows(0, 70_000, every: 5), test = Rows(350_000, 50_000, every: 1);

    [Theory]
    [InlineData("network")]
    [InlineData("page")]
    public void SharesOfContext_AreTheStatedOnes(string column)
    {
        (string[] names, Choice shares) = column == "network"
            ? (StoreNames.Networks, StoreNames.NetworkShares) : (StoreNames.Pages, StoreNames.PageShares);
        for (int value = 0; value < names.Length; value++)
        {
            double p = shares.Weights[value], n = train.Length;
            Assert.Equal(p, train.Count(row => Cell(row, column) == names[value]) / n, Deviations * Math.Sqrt(p * (1 - p) / n));
        }
    }

    [Fact]
    public void SharesOfUsers_AreTheStatedOnes_UpToTheDrawOfUsers()
    {
        // A row's user is drawn by rank, the user's age once for all: so the variance is that of a sum over users.
        LongTail ranks = new(store.Options.UserCount, head: 50);
        double squares = Enumerable.Range(0, store.Options.UserCount).Sum(rank => ranks.Share(rank) * ranks.Share(rank));
        for (int age = 0; age < StoreNames.Ages.Length; age++)
        {
            double p = StoreNames.AgeShares.Weights[age];
            // 1.5: a quarter of the users come late, so the others have more rows.
            double bound = Deviations * Math.Sqrt(p * (1 - p) * (squares * 1.5 + 1.0 / train.Length));
            Assert.Equal(p, train.Count(row => Cell(row, "age") == StoreNames.Ages[age]) / (double)train.Length, bound);
        }
    }

    [Fact]
    public void LongTail_DrawsItsShares()
    {
        LongTail tail = new(1_000, head: 10);
        Assert.Equal(1, Enumerable.Range(0, 1_000).Sum(tail.Share), 1e-9);
        Assert.Equal((0, 999), (tail.Of(0), tail.Of(ulong.MaxValue)));

        // Evenly spaced bits: each rank gets its share to one draw on either side, two for the rounding of t⁵.
        const int n = 100_000;
        int[] counts = new int[1_000];
        for (int i = 0; i < n; i++) { counts[tail.Of((ulong)i * (ulong.MaxValue / n))]++; }
        Assert.All(Enumerable.Range(0, 1_000), rank => Assert.Equal(n * tail.Share(rank), counts[rank], 2.0));
        // The law itself, at the middle of the first and of the last rank: 2 % for its curve between.
        Assert.Equal(Math.Pow(1_009.5 / 10.5, 0.8), tail.Share(0) / tail.Share(999), 0.02 * 38.6);
    }

    [Fact]
    public void Choice_HasTheSharesThatItTells()
    {
        Choice choice = new(1, 2, 0, 5);
        int[] counts = new int[4];
        for (ulong bits = 0; bits < 4096; bits++) { counts[choice.Of(bits)]++; }
        Assert.Equal([512, 1024, 0, 2560], counts);
        Assert.Equal([0.125, 0.25, 0, 0.625], choice.Weights);
    }

    [Fact]
    public void Days_AreEqual_AndTheTestDayIsAMonday()
    {
        Assert.Equal(Enumerable.Repeat(train.Length / 7, 7), train.GroupBy(row => Cell(row, "day")).Select(day => day.Count()));
        Assert.All(test, row => Assert.Equal(("8", "Monday"), (Cell(row, "day"), Cell(row, "weekday"))));
        Assert.Equal(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
            train.Select(row => Cell(row, "weekday")).Distinct());
    }

    [Fact]
    public void TestDay_HasUsersAndAppsThatTrainingHasNot()
    {
        // Of 4,000 users a quarter comes on days 2 to 8 evenly: a 28th on day 8; of apps 14 % do: a 50th.
        AppStoreDescription description = store.Describe(1_000);
        foreach ((string column, double share, double expected, int head, int count) in new[]
        {
            ("user", description.NewUsers, 0.25 / 7, 50, store.Options.UserCount),
            ("app", description.NewApps, 0.14 / 7, 10, store.Options.AppCount),
        })
        {
            LongTail ranks = new(count, head);
            double squares = Enumerable.Range(0, count).Sum(rank => ranks.Share(rank) * ranks.Share(rank));
            Assert.Equal(expected, share, Deviations * Math.Sqrt(expected * (squares + 1.0 / test.Length)));
            HashSet<string> known = [.. Rows(0, 350_000, every: 1).Select(row => Cell(row, column))];
            double unseen = test.Count(row => !known.Contains(Cell(row, column))) / (double)test.Length;
            // Also those that were there, but in no training row.
            Assert.InRange(unseen, share, 2 * expected + 0.01);
        }
    }

    [Fact]
    public void CellsOfAnApp_BelongTogether()
    {
        foreach (IGrouping<string, string[]> app in train.Concat(test).GroupBy(row => Cell(row, "app")))
        {
            Assert.Single(app.Select(row => Cells(row, "category", "subCategory", "price", "rating", "sizeMb")).Distinct());
            Assert.Single(app.Select(row => int.Parse(Cell(row, "appAgeDays")) - int.Parse(Cell(row, "day"))).Distinct());
            Assert.All(app, row => Assert.True(int.Parse(Cell(row, "appAgeDays")) >= 0));
            (_, _, string[] parts) = StoreNames.Categories.Single(category => category.Name == Cell(app.First(), "category"));
            Assert.Contains(Cell(app.First(), "subCategory"), parts);
        }
        Assert.All(train.Concat(test).GroupBy(row => Cell(row, "user")), user =>
            Assert.Single(user.Select(row => Cells(row, "age", "gender", "device", "os", "city")).Distinct()));
    }

    [Fact]
    public void RecentDownloads_TellTheTaste_AndDoNotChangeWithinADay()
    {
        static string[] Recent(string[] row) => Cell(row, "recentDownloads").Split('|');

        Assert.All(test.GroupBy(row => Cell(row, "user")), user =>
            Assert.Single(user.Select(row => Cell(row, "recentDownloads")).Distinct()));
        Assert.Contains(test, row => Recent(row).Length == Impression.MostRecent);
        Assert.All(test, row => Assert.Equal(Recent(row).Length, Recent(row).Distinct().Count()));

        // The best of three popular apps: a user's product with it is well above 0, the mean over all apps.
        Impression row = new();
        double sum = 0;
        int count = 0;
        for (int number = 0; number < 20_000; number++)
        {
            store.Fill(row, number);
            foreach (int app in row.Recent.Take(row.RecentCount)) { sum += ClickFunction.Product(row.Taste, store.Apps.Taste(app)); }
            count += row.RecentCount;
        }
        // The greatest of three independent normal numbers is 0.85 in the mean; products of users differ in their deviation.
        Assert.InRange(sum / count, 0.6, 1.0);
    }

    [Fact]
    public void SomeCells_AreMissing()
    {
        Assert.All(["age", "gender", "rating", "lastApp", "recentDownloads"], column => Assert.InRange(
            test.Count(row => Cell(row, column).Length == 0) / (double)test.Length, 0.03, 0.35));
        Assert.All(AppStore.Columns.Except(["age", "gender", "rating", "lastApp", "recentDownloads"]), column =>
            Assert.DoesNotContain(test, row => Cell(row, column).Length == 0));
    }

    static string Cell(string[] row, string column) => row[places[column]];

    static string Cells(string[] row, params string[] columns) => string.Join(',', columns.Select(column => Cell(row, column)));

    static string[][] Rows(int first, int count, int every)
    {
        Impression scratch = new();
        byte[] text = new byte[512];
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            int length = store.WriteRow(scratch, first + (long)row * every, text);
            return System.Text.Encoding.UTF8.GetString(text, 0, length - 1).Split(',');
        })];
    }
}
