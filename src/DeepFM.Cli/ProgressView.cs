using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Training;
using Spectre.Console;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>Shows where a command stands: a live bar on a terminal, plain lines elsewhere. Always on the error stream.</summary>
abstract class ProgressView(TimeProvider clock) : IProgress<TrainingProgress>, IProgress<DataProgress>, IProgress<WriteProgress>, IDisposable
{
    readonly long started = clock.GetTimestamp();
    (string Stage, TimeLeft Left) current = ("", new());
    double stageBegan;

    /// <summary>What lines of progress go by.</summary>
    internal static TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Runs <paramref name="body"/> with the view that suits the stream.</summary>
    public static T Show<T>(TextWriter error, Func<ProgressView, T> body)
    {
        if (!GuardedWriter.IsTerminal(error))
        {
            using PlainView plain = new(error, Clock);
            return body(plain);
        }
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new TerminalOutput(error) });
        return console.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .Start(context =>
            {
                using TerminalView live = new(console, context.AddTask("starting"));
                return body(live);
            });
    }

    /// <summary>What the following epochs belong to, such as "DeepFM, seed 1".</summary>
    public string Title { get; set; } = "";

    /// <summary>Shows a line that stays.</summary>
    public abstract void Line(string text);

    /// <summary>Shows what is being done, of which nothing tells how far it has come.</summary>
    public void Doing(string what) => Now(what, what, 0);

    /// <summary>Shows how far a whole plan has come; the share is in [0, 1].</summary>
    public void Whole(string text, double share) => Now("plan", text, share);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch) { Line(Sentence(value, epoch)); }
        else
        {
            double share = value.RowCount == 0 ? 1 : (double)value.RowsDone / value.RowCount;
            Now(value.Activity == TrainingActivity.Steps ? "training" : $"{value.Activity}", value.Activity switch
            {
                TrainingActivity.Preparing => $"{Place(value)}: making the tables and the network",
                TrainingActivity.Evaluating => $"{Place(value)}: evaluating",
                TrainingActivity.Saving => "saving the model and the report",
                _ => $"{Place(value)}, {Counted.Percent(share)}: {Figures(value)}",
            }, share);
        }
    }

    /// <inheritdoc/>
    public void Report(DataProgress value)
    {
        if (value.TotalBytes == 0) { Now(value.Stage, $"reading data ({value.Stage})", 1); }
        else { Share($"reading data ({value.Stage})", (double)value.BytesRead / value.TotalBytes); }
    }

    /// <inheritdoc/>
    public void Report(WriteProgress value) => Share($"writing {value.File}", (double)value.Rows / value.RowCount);

    /// <inheritdoc/>
    public virtual void Dispose() { }

    /// <summary>Shows what is being done now.</summary>
    /// <param name="stage">What it is, without how far it has come.</param>
    /// <param name="text">The whole line.</param>
    /// <param name="share">Share of it that is done, in [0, 1].</param>
    protected abstract void Now(string stage, string text, double share);

    // Something without epochs, whose time left is not told.
    void Share(string what, double share)
    {
        double now = clock.GetElapsedTime(started).TotalSeconds;
        if (what != current.Stage) { (current, stageBegan) = ((what, new()), now); }
        double? left = current.Left.After(now - stageBegan, share);
        Now(what, $"{what}: {Counted.Percent(share)}"
            + (left is > 0 ? $", {PlanNarrator.Duration(left.Value)} left" : ""), share);
    }

    /// <summary>"DeepFM, seed 1, epoch 3 of 100": where a training stands.</summary>
    string Place(TrainingProgress value) => string.Join(", ",
        new[] { Title, value.Phase == TrainingPhase.Pretraining ? "pre-training" : "", $"epoch {value.Epoch} of {value.Epochs}" }
            .Where(part => part.Length > 0));

    /// <summary>"loss 0.1234, 52,600 samples/s, 12 s left of the epoch, at most 4 min of all".</summary>
    static string Figures(TrainingProgress value) => Invariant($"loss {value.RunningLoss:0.0000}, {value.SamplesPerSecond:N0} samples/s")
        + $", {PlanNarrator.Duration(value.SecondsLeft)} left"
        + (value.Epoch < value.Epochs && value.SecondsLeftAtMost is { } most ? $" of the epoch, at most {PlanNarrator.Duration(most)} of all" : "");

    string Sentence(TrainingProgress value, EpochReport epoch)
    {
        EvaluationMetrics? valid = epoch.Valid;
        string validation = valid is null ? "" : Invariant(
            $", validation {(valid.Auc is { } auc ? Invariant($"AUC {auc:0.000000}, ") : "")}log loss {valid.LogLoss:0.000000}");
        return Invariant($"{Place(value)}: training loss {epoch.TrainLoss:0.0000}{validation}, ")
            + Invariant($"{value.SamplesPerSecond:N0} samples/s, {epoch.TrainSeconds:0.0} s");
    }

    sealed class TerminalView(IAnsiConsole console, ProgressTask task) : ProgressView(TimeProvider.System)
    {
        public override void Line(string text) => console.WriteLine(text);

        protected override void Now(string stage, string text, double share)
        {
            task.Description = Markup.Escape(text);
            task.Value = 100 * share;
        }
    }

    /// <summary>The terminal that the error stream is, whose failures end nothing.</summary>
    sealed class TerminalOutput(TextWriter error) : IAnsiConsoleOutput
    {
        readonly AnsiConsoleOutput terminal = new(Console.Error);

        public TextWriter Writer => error;

        public bool IsTerminal => terminal.IsTerminal;

        public int Width => terminal.Width;

        public int Height => terminal.Height;

        public void SetEncoding(System.Text.Encoding encoding) => terminal.SetEncoding(encoding);
    }
}
