using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Training;
using Spectre.Console;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>Shows where a training stands: a live bar on a terminal, plain lines elsewhere. Always on the error stream.</summary>
abstract class ProgressView : IProgress<TrainingProgress>, IProgress<DataProgress>, IProgress<WriteProgress>
{
    /// <summary>Runs <paramref name="body"/> with the view that suits the stream.</summary>
    public static T Show<T>(TextWriter error, Func<ProgressView, T> body)
    {
        bool terminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        if (!terminal) { return body(new PlainView(error)); }

        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(error) });
        return console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .Start(context => body(new TerminalView(console, context.AddTask("reading data"))));
    }

    /// <summary>What the following epochs belong to, such as "DeepFM, seed 1".</summary>
    public string Title { get; set; } = "";

    /// <summary>Shows a line that stays.</summary>
    public abstract void Line(string text);

    /// <summary>Shows how far a whole plan has come; the share is in [0, 1].</summary>
    public void Whole(string text, double share) => Share(text, share);

    /// <summary>Shows how far something without epochs has come; the share is in [0, 1].</summary>
    protected abstract void Share(string what, double share);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch) { Line(Sentence(value, epoch)); }
        else { Step(value); }
    }

    /// <inheritdoc/>
    public void Report(DataProgress value) =>
        Share($"reading data ({value.Stage})", value.TotalBytes == 0 ? 1 : (double)value.BytesRead / value.TotalBytes);

    /// <inheritdoc/>
    public void Report(WriteProgress value) => Share($"writing {value.File}", (double)value.Rows / value.RowCount);

    /// <summary>Shows progress inside an epoch.</summary>
    protected abstract void Step(TrainingProgress value);

    /// <summary>"DeepFM, seed 1, epoch 3 of 100": where a training stands.</summary>
    protected string Place(TrainingProgress value) => string.Join(", ",
        new[] { Title, value.Phase == TrainingPhase.Pretraining ? "pre-training" : "", $"epoch {value.Epoch} of {value.Epochs}" }
            .Where(part => part.Length > 0));

    /// <summary>"loss 0.1234, 52,600 samples/s, 12 s left".</summary>
    protected static string Figures(TrainingProgress value) => Invariant(
        $"loss {value.RunningLoss:0.0000}, {value.SamplesPerSecond:N0} samples/s, {value.SecondsLeft:0} s left");

    string Sentence(TrainingProgress value, EpochReport epoch)
    {
        EvaluationMetrics? valid = epoch.Valid;
        string validation = valid is null ? "" : Invariant(
            $", validation {(valid.Auc is { } auc ? Invariant($"AUC {auc:0.000000}, ") : "")}log loss {valid.LogLoss:0.000000}");
        return Invariant($"{Place(value)}: training loss {epoch.TrainLoss:0.0000}{validation}, ")
            + Invariant($"{value.SamplesPerSecond:N0} samples/s, {epoch.TrainSeconds:0.0} s");
    }

    sealed class PlainView(TextWriter error) : ProgressView
    {
        static readonly TimeSpan every = TimeSpan.FromSeconds(10);
        DateTime shown = DateTime.UtcNow;

        public override void Line(string text)
        {
            error.WriteLine(text);
            shown = DateTime.UtcNow;
        }

        protected override void Share(string what, double share) => Now(Invariant($"{what}: {share:P0}"));

        protected override void Step(TrainingProgress value) =>
            Now(Invariant($"{Place(value)}, {(double)value.RowsDone / value.RowCount:P0}: {Figures(value)}"));

        void Now(string text)
        {
            if (DateTime.UtcNow - shown >= every) { Line(text); }
        }
    }

    sealed class TerminalView(IAnsiConsole console, ProgressTask task) : ProgressView
    {
        public override void Line(string text) => console.WriteLine(text);

        protected override void Share(string what, double share) => Set(what, share);

        protected override void Step(TrainingProgress value) =>
            Set($"{Place(value)}: {Figures(value)}", (double)value.RowsDone / value.RowCount);

        void Set(string text, double share)
        {
            task.Description = Markup.Escape(text);
            task.Value = 100 * share;
        }
    }
}
