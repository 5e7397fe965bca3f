using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>Progress as lines, for logs: soon at the start of each stage, then ever more seldom.</summary>
/// <remarks>
/// A line comes when one and a half seconds have passed since the last one, and a fifth of the stage's time so far; ten seconds are
/// the most. A clock sees to that, so that a stage of which nobody reports is not silent either.
/// </remarks>
sealed class PlainView : ProgressView
{
    const double Soonest = 1.5, Latest = 10, ShareOfStage = 0.2;
    static readonly TimeSpan tick = TimeSpan.FromSeconds(0.25);

    readonly TextWriter error;
    readonly TimeProvider clock;
    readonly Lock gate = new();
    readonly ITimer timer;
    string stage = "", text = "starting";
    long stageBegan, shown;
    bool isNew = true, hasEnded;

    public PlainView(TextWriter error, TimeProvider clock) : base(clock)
    {
        (this.error, this.clock) = (error, clock);
        stageBegan = shown = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Tick(), null, tick, tick);
    }

    public override void Line(string text)
    {
        lock (gate) { Write(text); }
    }

    /// <summary>Ends the lines; none comes after it.</summary>
    public override void Dispose()
    {
        lock (gate) { hasEnded = true; }
        timer.Dispose();
        base.Dispose();
    }

    protected override void Now(string stage, string text, double share)
    {
        lock (gate)
        {
            if (stage != this.stage) { (this.stage, stageBegan) = (stage, clock.GetTimestamp()); }
            (this.text, isNew) = (text, true);
            WriteIfDue();
        }
    }

    void Tick()
    {
        lock (gate)
        {
            if (!hasEnded) { WriteIfDue(); }
        }
    }

    void WriteIfDue()
    {
        double inStage = clock.GetElapsedTime(stageBegan).TotalSeconds;
        if (clock.GetElapsedTime(shown).TotalSeconds < Math.Clamp(ShareOfStage * inStage, Soonest, Latest)) { return; }
        Write(isNew ? text : Invariant($"{text} ({inStage:0} s so far)"));
        isNew = false;
    }

    void Write(string line)
    {
        error.WriteLine(line);
        shown = clock.GetTimestamp();
    }
}
