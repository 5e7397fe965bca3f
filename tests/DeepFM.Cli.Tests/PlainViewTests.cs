using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>Lines of progress on a simulated clock: none is late, and logs do not fill with them.</summary>
public sealed class PlainViewTests : IDisposable
{
    readonly ManualClock clock = new();
    readonly Log log;
    readonly PlainView view;

    public PlainViewTests()
    {
        log = new(clock);
        view = new(log, clock);
    }

    public void Dispose()
    {
        view.Dispose();
        log.Dispose();
    }

    [Fact]
    public void TheFirstLine_ComesWithinTwoSeconds_AndTellsTheTimeLeft()
    {
        for (int block = 1; block <= 20; block++)
        {
            clock.Advance(0.1);
            Read("fit", block);
        }
        Assert.InRange(Assert.Single(log.Lines).Second, 0, 2);
        Assert.Equal("reading data (fit): 14 %, 9 s left", log.Lines[0].Text);
    }

    /// <summary>The counting is at its end, but what follows tells nothing of itself.</summary>
    [Fact]
    public void AStageThatTellsNothing_IsNotSilent()
    {
        Read("fit", 100);
        clock.Advance(1.9);
        view.Report(new DataProgress("number ids", 3, 10));
        clock.Advance(30);
        Assert.All(Gaps().Take(5), gap => Assert.InRange(gap, 0, 2));
        Assert.Equal("reading data (number ids): 30 %", log.Lines[1].Text);
        Assert.Matches(@"^reading data \(number ids\): 30 % \(\d+ s so far\)$", log.Lines[2].Text);
    }

    [Fact]
    public void EachStage_BeginsWithALine_WithinTwoSeconds_HoweverLongTheOneBeforeWas()
    {
        Read("fit", 1);
        clock.Advance(600);
        Read("fit", 100);
        double between = clock.Now;
        view.Report(new TrainingProgress(TrainingPhase.Training, 1, 5, 0, 100, 0, 0, 0, Activity: TrainingActivity.Preparing));
        clock.Advance(3);
        view.Report(new TrainingProgress(TrainingPhase.Training, 1, 5, 50, 100, 0.5, 1000, 12, SecondsLeftAtMost: 300));
        clock.Advance(3);
        view.Report(new TrainingProgress(TrainingPhase.Training, 1, 5, 100, 100, 0.5, 1000, 0, Activity: TrainingActivity.Evaluating));
        clock.Advance(3);
        string[] after = [.. log.Lines.Where(line => line.Second >= between).Select(line => line.Text)];
        Assert.Contains("epoch 1 of 5: making the tables and the network", after);
        Assert.Contains("epoch 1 of 5, 50 %: loss 0.5000, 1,000 samples/s, 12 s left of the epoch, at most 5 min of all", after);
        Assert.Contains("epoch 1 of 5: evaluating", after);
        Assert.All(Gaps(between), gap => Assert.InRange(gap, 0, 2));
    }

    [Fact]
    public void LinesOfALongStage_ComeEveryTenSeconds()
    {
        for (int second = 0; second < 3600; second++)
        {
            view.Report(new TrainingProgress(TrainingPhase.Training, 1, 1, second, 3600, 0.5, 1, 3600 - second));
            clock.Advance(1);
        }
        Assert.All(Gaps(), gap => Assert.InRange(gap, 0, 10.5));
        Assert.InRange(log.Lines.Count, 360, 380);
        Assert.All(log.Lines, line => Assert.DoesNotContain("so far", line.Text, StringComparison.Ordinal));
    }

    /// <summary>Tables that are joined are read before anything is told of.</summary>
    [Fact]
    public void BeforeAnythingIsTold_ALineSaysThatTheCommandIsAtWork()
    {
        clock.Advance(2);
        Assert.Equal("starting", Assert.Single(log.Lines).Text);
    }

    [Fact]
    public void NothingComes_OnceTheViewHasEnded()
    {
        Read("fit", 1);
        view.Dispose();
        clock.Advance(60);
        Assert.Empty(log.Lines);
    }

    void Read(string stage, int percent) => view.Report(new DataProgress(stage, percent, 100));

    // Seconds between each line and the one before, from a time on.
    IEnumerable<double> Gaps(double from = 0)
    {
        double before = from;
        foreach ((double second, string _) in log.Lines.Where(line => line.Second >= from))
        {
            yield return second - before;
            before = second;
        }
    }

    sealed class Log(ManualClock clock) : StringWriter
    {
        public List<(double Second, string Text)> Lines { get; } = [];

        public override void WriteLine(string? value) => Lines.Add((clock.Now, value!));
    }

    /// <summary>A clock that a test moves; its timers ring on the way.</summary>
    sealed class ManualClock : TimeProvider
    {
        const double Step = 0.05;

        readonly List<Timer> timers = [];

        public double Now { get; private set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)Math.Round(Now * TimestampFrequency);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timer timer = new(() => callback(state), Now + dueTime.TotalSeconds, period.TotalSeconds);
            timers.Add(timer);
            return timer;
        }

        public void Advance(double seconds)
        {
            for (double end = Now + seconds; Now < end - 1e-9;)
            {
                Now = Math.Min(end, Now + Step);
                timers.ForEach(timer => timer.RingUntil(Now));
            }
        }

        sealed class Timer(Action ring, double next, double period) : ITimer
        {
            bool ended;

            public void RingUntil(double now)
            {
                for (; !ended && next <= now + 1e-9; next += period) { ring(); }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => ended = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
