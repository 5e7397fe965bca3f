using System.Text;
using DeepFM.Metrics;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Generation;

/// <summary>Clicks among rows that agree in some columns.</summary>
/// <param name="Values">The columns' texts, in their order.</param>
/// <param name="Rows">How many rows have them.</param>
/// <param name="Clicks">How many of these are clicks.</param>
public sealed record ClickRate(IReadOnlyList<string> Values, long Rows, long Clicks)
{
    /// <summary>Share of clicks, in [0, 1].</summary>
    public double Rate => (double)Clicks / Rows;
}

public sealed partial class AppStore
{
    /// <summary>Clicks and rows by the values of some columns, over the training rows as the file shows them.</summary>
    /// <param name="columns">One or more of <see cref="Columns"/>.</param>
    /// <returns>Only what occurs, in the order of the values.</returns>
    /// <exception cref="UserErrorException">There is no such column.</exception>
    public IReadOnlyList<ClickRate> ClickRates(params IReadOnlyList<string> columns)
    {
        int[] places = [.. columns.Select(column => Columns.ToList().IndexOf(column) is >= 0 and int place
            ? place
            : throw UnknownName.Error("column", column, Columns))];
        if (places.Length == 0) { throw new UserErrorException($"Name at least one column of {string.Join(", ", Columns)}."); }

        Dictionary<string, (long Rows, long Clicks)> counts = [];
        Impression row = new();
        byte[] text = new byte[LongestRow];
        for (long number = 0; number < Options.TrainRows; number++)
        {
            int length = WriteRow(row, number, text) - 1;
            string[] cells = Encoding.UTF8.GetString(text, 0, length).Split(',');
            string key = string.Join(',', places.Select(place => cells[place]));
            (long rows, long clicked) = counts.GetValueOrDefault(key);
            counts[key] = (rows + 1, clicked + (cells[0] == "1" ? 1 : 0));
        }
        // Numbers in the order of numbers, other texts in that of texts.
        return [.. counts.Select(entry => new ClickRate(entry.Key.Split(','), entry.Value.Rows, entry.Value.Clicks))
            .OrderBy(entry => string.Join(',', entry.Values.Select(Sortable)), StringComparer.Ordinal)];
    }

    /// <summary>The same as a table, with the columns' names.</summary>
    /// <inheritdoc cref="ClickRates"/>
    public ResultTable ClickRateTable(params IReadOnlyList<string> columns) => new(
        $"click-rates-{string.Join('-', columns)}",
        $"Click rates by {string.Join(" and ", columns)}",
        [
            .. columns.Select(column => new ResultColumn(column, column)),
            new("rows", "rows", "N0"), new("clicks", "clicks", "N0"), new("click_rate", "click rate", "0.0000"),
        ],
        [.. ClickRates(columns).Select(entry => (IReadOnlyList<object?>)[.. entry.Values, entry.Rows, entry.Clicks, entry.Rate])]);

    /// <summary>What the logit is made of: the share of each effect and order, computed from rows, not stated.</summary>
    /// <param name="rows">Training rows to compute from, evenly spaced; in [2, 10⁷]. All of them when there are fewer.</param>
    public AppStoreDescription Describe(int rows = 100_000)
    {
        int n = (int)Math.Min(Require.InRange(rows, 2, 10_000_000), Options.TrainRows);
        IReadOnlyList<LogitComponent> components = clicks.Components;
        double[] sums = new double[components.Count], products = new double[components.Count];
        double sum = 0, squares = 0;
        int clicked = 0;
        Impression row = new();
        double[] values = new double[components.Count];
        for (int i = 0; i < n; i++)
        {
            Fill(row, (long)((Int128)i * Options.TrainRows / n));
            double logit = 0;
            for (int c = 0; c < values.Length; c++) { logit += values[c] = components[c].Of(row); }
            for (int c = 0; c < values.Length; c++)
            {
                sums[c] += values[c];
                products[c] += values[c] * logit;
            }
            sum += logit;
            squares += logit * logit;
            if (ClickFunction.IsClick(row, clicks.Logit(row))) { clicked++; }
        }
        double mean = sum / n, variance = squares / n - mean * mean;
        EffectShare[] effects = [.. components
            .Select((component, c) => new EffectShare(component.Name, component.Fields, component.Part,
                (products[c] / n - sums[c] / n * mean) / variance))
            .OrderBy(effect => effect.Part).ThenByDescending(effect => effect.Share)];
        (double newUsers, double newApps) = ShareOfNew();
        return new(n, (double)clicked / n, Math.Sqrt(variance), effects, AucByOrder(), newUsers, newApps);
    }

    double[] AucByOrder()
    {
        LogitPart[] last = [LogitPart.Order1, LogitPart.Order2, LogitPart.Order3, LogitPart.Drift];
        float[] labels = new float[Options.TestRows];
        float[][] scores = [.. last.Select(_ => new float[Options.TestRows])];
        ForTestRows((row, at) =>
        {
            labels[at] = ClickFunction.IsClick(row, clicks.Logit(row)) ? 1 : 0;
            foreach (LogitComponent component in clicks.Components)
            {
                for (int i = (int)component.Part; i < last.Length; i++) { scores[i][at] += (float)component.Of(row); }
            }
        });
        return [.. scores.Select(score => Auc.Of(score, labels) ?? throw new UserErrorException(
            $"AUC needs rows of both classes, but day 8 has {Counted.Of(labels.Length, "row")} of one class. Ask for more test rows (--test-rows)."))];
    }

    (double Users, double Apps) ShareOfNew()
    {
        int users = 0, newApps = 0;
        ForTestRows((row, _) =>
        {
            if (new StoreUser(userKey, row.User).Arrival == DayCount) { Interlocked.Increment(ref users); }
            if (apps[row.App].Arrival == DayCount) { Interlocked.Increment(ref newApps); }
        });
        return ((double)users / Options.TestRows, (double)newApps / Options.TestRows);
    }

    static string Sortable(string text) => double.TryParse(text, out double number) && number >= 0 ? $"{number:0000000000.0000}" : text;
}
