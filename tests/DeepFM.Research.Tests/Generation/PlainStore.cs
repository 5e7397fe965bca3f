using DeepFM.Numerics;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>The logit of a row written down once more: in double, from texts, without tables or parts. Slow, never optimized.</summary>
sealed class PlainStore(AppStore store)
{
    readonly double[][] weights = StoreEffects.Weights(store.Apps);
    readonly Dictionary<int, double[]> drawn = [];
    readonly Dictionary<string, double> means = [];

    public double Logit(Impression row)
    {
        int[] at = row.At;
        StoreApp app = store.Apps[row.App];
        double z = -2.95 + 0.55 * row.UserBias + 0.65 * app.Quality
            + (app.RatingTenths == 0 ? 0 : 0.25 * (app.RatingTenths / 10.0 - 3.9))
            - 0.15 * Math.Log(app.SizeMb / 60.0)
            + (row.AppAge < 200 ? 0.6 * Math.Exp(-row.AppAge / 20.0) : 0.6 * Math.Exp(-199 / 20.0))
            + 0.1 * (row.Day - 4) * app.Trend;
        for (int r = 0; r < StoreUser.TasteSize; r++) { z += 0.8 * row.Taste[r] * store.Apps.Taste(row.App)[r]; }
        foreach (int recent in row.Recent.Take(row.RecentCount))
        {
            z += (store.Apps[recent].Category == app.Category ? 0.4 : 0) + (recent == row.App ? -1.5 : 0);
        }

        z += Stated("position", at, v => -0.5 * Math.Log(v[0] + 1), Axis.Position);
        z += Stated("page", at, v => new[] { 0, 0.1, 0.2, 0.7 }[v[0]], Axis.Page);
        z += Stated("hour", at, v => v[0] >= 18 && v[0] <= 22 ? 0.2 : v[0] < 6 ? -0.2 : 0, Axis.Hour);
        z += Stated("weekend", at, v => v[0] == 1 ? 0.1 : 0, Axis.Weekend);
        z += Stated("network", at, v => new[] { 0.2, 0, 0, -0.4 }[v[0]], Axis.Network);
        z += Stated("price", at, v => new[] { 0, -0.7, -1.1, -1.6 }[v[0]], Axis.Price);
        z += Stated("recents", at, v => 0.08 * v[0], Axis.RecentCount);
        z += Stated("meals", at, v => TimeOfDay(v[0], StoreNames.Categories[v[1]].Name), Axis.Hour, Axis.Category);
        z += Stated("weekend and category", at, v => v[0] == 0 ? 0 : StoreNames.Categories[v[1]].Name switch
        {
            "business" => -0.7,
            "education" => -0.4,
            "travel" => 0.4,
            "games" => 0.25,
            _ => 0,
        }, Axis.Weekend, Axis.Category);
        z += Stated("size", at, v => StoreNames.Networks[v[0]] == "wifi" ? 0 : -0.35 * v[1], Axis.Network, Axis.SizeBand);
        z += Stated("reads on", at, v => StoreNames.Pages[v[0]] is "category" or "search" ? 0.3 * Math.Log(v[1] + 1) : 0,
            Axis.Page, Axis.Position);
        z += Stated("last", at, v => v[0] == v[1] ? 0.5 : 0, Axis.LastCategory, Axis.Category);
        z += Stated("groups", at, v => (StoreNames.Genders[v[0]], StoreNames.Ages[v[1]], StoreNames.SubCategories[v[2]]) switch
        {
            ("male", "13-17", "shooter" or "role-playing") => 2,
            ("female", "18-24", "fashion" or "photo-sharing") => 1.2,
            ("female", "55+", "cards") => 1.2,
            _ => 0,
        }, Axis.Gender, Axis.Age, Axis.SubCategory);
        z += Stated("commuters", at, v => v[0] == 0 && v[1] is 1 or 4 && StoreNames.Categories[v[2]].Name is "music" or "news" ? 0.6 : 0,
            Axis.Weekend, Axis.DayPart, Axis.Category);

        // The number of an effect is its place in the list, by which it was drawn.
        foreach ((int number, double deviation, int[] axes) in new[]
        {
            (7, 0.25, new[] { Axis.Age }), (8, 0.1, [Axis.Gender]), (9, 0.2, [Axis.Device]), (10, 0.15, [Axis.City]),
            (11, 0.4, [Axis.Category]), (12, 0.25, [Axis.SubCategory]), (13, 0.15, [Axis.Hour, Axis.Category]),
            (15, 0.4, [Axis.Age, Axis.Category]), (16, 0.3, [Axis.Gender, Axis.SubCategory]), (17, 0.15, [Axis.City, Axis.Category]),
            (18, 0.15, [Axis.Device, Axis.Price]), (21, 0.2, [Axis.LastCategory, Axis.Category]),
            (22, 0.3, [Axis.Gender, Axis.Age, Axis.SubCategory]), (23, 0.25, [Axis.Weekend, Axis.DayPart, Axis.Category]),
            (24, 0.3, [Axis.Age, Axis.DayPart, Axis.Category]),
        })
        {
            z += Drawn(number, deviation, at, axes);
        }
        return z;
    }

    static double TimeOfDay(int hour, string category) => category switch
    {
        "food-delivery" => hour is 11 or 12 or 13 or 18 or 19 or 20 ? 1.4 : 0,
        "news" => hour is 6 or 7 or 8 ? 0.7 : 0,
        "business" or "finance" => hour >= 9 && hour <= 16 ? 0.5 : 0,
        "video" or "games" => hour >= 20 ? 0.4 : 0,
        _ => 0,
    };

    // f − its mean, each field drawn by itself.
    double Stated(string name, int[] at, Func<int[], double> f, params int[] axes)
    {
        if (!means.TryGetValue(name, out double mean))
        {
            means[name] = mean = Cells(axes).Sum(cell => Weight(cell, axes) * f(cell));
        }
        return f([.. axes.Select(axis => at[axis])]) - mean;
    }

    // Normal numbers less their means over one field after the other, scaled to the deviation.
    double Drawn(int number, double deviation, int[] at, int[] axes)
    {
        int[][] cells = [.. Cells(axes)];
        if (!drawn.TryGetValue(number, out double[]? values))
        {
            ulong key = CounterRandom.Key(CounterRandom.Key(store.Options.Seed, StoreKeys.Effect), (ulong)number);
            values = [.. cells.Select((_, cell) => (double)CounterRandom.Normal(key, (ulong)cell))];
            for (int i = 0; i < axes.Length; i++)
            {
                Dictionary<string, double> mean = cells.Zip(values)
                    .GroupBy(pair => Without(pair.First, i))
                    .ToDictionary(group => group.Key, group => group.Sum(pair => weights[axes[i]][pair.First[i]] * pair.Second));
                values = [.. cells.Zip(values, (cell, value) => value - mean[Without(cell, i)])];
            }
            double variance = cells.Zip(values, (cell, value) => Weight(cell, axes) * value * value).Sum();
            drawn[number] = values = [.. values.Select(value => value * deviation / Math.Sqrt(variance))];
        }
        return values[Array.FindIndex(cells, cell => cell.SequenceEqual(axes.Select(axis => at[axis])))];
    }

    double Weight(int[] cell, int[] axes) =>
        cell.Select((value, i) => weights[axes[i]][value]).Aggregate(1.0, (product, share) => product * share);

    static string Without(int[] cell, int i) => string.Join(' ', cell.Where((_, place) => place != i));

    IEnumerable<int[]> Cells(int[] axes) => axes.Aggregate((IEnumerable<int[]>)[[]],
        (cells, axis) => cells.SelectMany(cell => Enumerable.Range(0, weights[axis].Length).Select(value => (int[])[.. cell, value])));
}
