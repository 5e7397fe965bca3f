using DeepFM.Research.Generation;
using DeepFM.Research.Results;

namespace DeepFM.Research.Tests.Generation;

public sealed class GeneratedDataTests
{
    /// <summary>
    /// What a report says of new users and apps is so in the files that it trains and tests on: here all that came before the test day
    /// have training rows.
    /// </summary>
    [Fact]
    public void Truth_SaysHowManyTestRowsAreOfNewUsersAndOfNewApps()
    {
        using TempFolder folder = new();
        GeneratedData data = new(new() { TrainRows = 20_000, TestRows = 3_000, UserCount = 100, AppCount = 100, Seed = 4 }, folder[""]);
        data.Prepare(threads: 1, progress: null, TestContext.Current.CancellationToken);
        TruthFacts truth = data.Truth();

        double users = NewShare(folder[""], "user"), apps = NewShare(folder[""], "app");
        Assert.NotEqual(users, apps, tolerance: 0.005);
        Assert.Equal(users, truth.NewUsers, tolerance: 1e-9);
        Assert.Equal(apps, truth.NewApps, tolerance: 1e-9);
        Assert.Equal(1, truth.Shares.Sum(), tolerance: 1e-9);
    }

    static double NewShare(string folder, string column)
    {
        string[] Values(string file)
        {
            string[] lines = File.ReadAllLines(Path.Combine(folder, file));
            int at = Array.IndexOf(lines[0].Split(','), column);
            return [.. lines[1..].Select(line => line.Split(',')[at])];
        }
        HashSet<string> known = [.. Values("train.csv")];
        string[] tested = Values("test.csv");
        return tested.Count(value => !known.Contains(value)) / (double)tested.Length;
    }
}
