using System.Globalization;
using System.Net;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Notebooks.Display;

/// <summary>A training at one moment.</summary>
/// <param name="Title">What is trained.</param>
/// <param name="Progress">Where it stands.</param>
/// <param name="Epochs">The epochs that have ended.</param>
/// <param name="Stopped">Whether the user has stopped it.</param>
sealed record TrainingView(string Title, TrainingProgress Progress, IReadOnlyList<EpochReport> Epochs, bool Stopped = false)
{
    const int MostEpochs = 5;

    /// <summary>A bar, a line of figures, and the last epochs.</summary>
    public View ToView()
    {
        double share = Progress.RowCount == 0 ? 1 : (double)Progress.RowsDone / Progress.RowCount;
        string phase = Progress.Phase == TrainingPhase.Pretraining ? "pre-training, " : "";
        string place = $"{Title}: {phase}epoch {Progress.Epoch} of at most {Progress.Epochs}";
        string figures = Invariant($"{Progress.RowsDone:N0} of {Counted.Of(Progress.RowCount, "sample")}, ")
            + Invariant($"{Progress.SamplesPerSecond:N0} samples/s, loss {Progress.RunningLoss:0.0000}")
            + (Stopped ? "; stopped" : Progress.Completed is null ? Invariant($", {Progress.SecondsLeft:0} s left in this epoch") : "");
        string[] lines = [.. Epochs.TakeLast(MostEpochs).Select(Line)];
        return new(string.Join('\n', [$"{place}, {Counted.Percent(share)}: {figures}", .. lines]), () =>
            $"<div>{Encode(place)}</div>"
            + $"<progress max=\"1\" value=\"{share.ToString("0.###", CultureInfo.InvariantCulture)}\" style=\"width:24em\"></progress>"
            + $"<div><small>{Encode(figures)}</small></div>"
            + string.Concat(lines.Select(line => $"<div><small>{Encode(line)}</small></div>")));
    }

    static string Line(EpochReport epoch) => Invariant($"epoch {epoch.Epoch}: training loss {epoch.TrainLoss:0.0000}")
        + (epoch.Valid is { } valid ? Invariant($", validation log loss {valid.LogLoss:0.0000}") : "")
        + (epoch.Valid?.Auc is { } auc ? Invariant($", AUC {auc:0.0000}") : "") + Invariant($", {epoch.TrainSeconds:0.0} s");

    static string Encode(string text) => WebUtility.HtmlEncode(text);
}
