using System.Globalization;
using System.Net;
using DeepFM.Notebooks.Display;
using DeepFM.Research.Plans;
using static System.FormattableString;

namespace DeepFM.Notebooks;

/// <summary>Shows in a notebook where a plan of many runs stands: a bar, what runs, and the time left.</summary>
/// <remarks>Give it to a reproduction as its progress, and <see cref="Cell.Cancellation"/> as what stops it.</remarks>
/// <param name="title">What is made, such as "Table 2".</param>
/// <example><code>
/// new Reproduction(options, data, "runs/mine", threads: 2) { Running = new PlanDisplay("Table 2") }.Run(Cell.Cancellation)
/// </code></example>
public sealed class PlanDisplay(string title = "Plan") : IProgress<PlanProgress>
{
    readonly LiveDisplay<PlanView> live = new(TimeSpan.FromMilliseconds(250),
        view => view.Progress.Done < view.Progress.Count ? view with { Stopped = true } : null);

    /// <inheritdoc/>
    public void Report(PlanProgress value) => live.Show(() => new(title, value), matters: value.Done == value.Count);
}

/// <summary>A plan at one moment.</summary>
/// <param name="Title">What is made.</param>
/// <param name="Progress">Where it stands.</param>
/// <param name="Stopped">Whether the user has stopped it.</param>
sealed record PlanView(string Title, PlanProgress Progress, bool Stopped = false)
{
    /// <summary>A bar, and a line of what runs.</summary>
    public View ToView()
    {
        string place = Invariant($"{Title}: {Progress.Done} of {Counted.Of(Progress.Count, "run")}");
        string left = Stopped ? "; stopped"
            : Progress is { SecondsLeft: { } seconds } && Progress.Done < Progress.Count ? Invariant($", {seconds:0} s left") : "";
        string running = Progress.Running.Count > 0 && !Stopped ? $"under way: {string.Join("; ", Progress.Running)}" : "";
        string share = Progress.Share.ToString("0.###", CultureInfo.InvariantCulture);
        return new(string.Join('\n', new[] { place + left, running }.Where(line => line.Length > 0)), () =>
            $"<div>{WebUtility.HtmlEncode(place + left)}</div><progress max=\"1\" value=\"{share}\" style=\"width:24em\"></progress>"
            + $"<div><small>{WebUtility.HtmlEncode(running)}</small></div>");
    }
}
