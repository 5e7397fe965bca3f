using System.Text.Json;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Text on its way out: joined, kept whole, held back.</summary>
public sealed class IopubWriterTests
{
    [Fact]
    public void APairThatAMessageWouldTearApart_StaysWhole()
    {
        List<string> texts = [];
        string before = new('a', IopubWriter.FlushChars - 1);
        using (IopubWriter writer = new(new MessageCodec("key"), (_, frames) => texts.Add(Text(frames)), clock: new Clock()))
        {
            writer.Stream(null, "stdout", before + "\ud83c");
            writer.Stream(null, "stdout", "\udf89b");
        }
        Assert.Equal([before, "🎉b"], texts);
    }

    [Fact]
    public void ALongText_IsCutIntoMessages()
    {
        List<string> texts = [];
        string text = string.Concat(Enumerable.Repeat("0123456789", IopubWriter.FlushChars / 4));
        using (IopubWriter writer = new(new MessageCodec("key"), (_, frames) => texts.Add(Text(frames)), clock: new Clock()))
        {
            writer.Stream(null, "stdout", text);
        }
        Assert.Equal(text, string.Concat(texts));
        Assert.Equal(3, texts.Count);
    }

    [Fact]
    public void AHundredMegabytesOfLines_LeaveInFullMessages_AtTheUsualPace()
    {
        const int lines = 100 << 14;            // of 64 characters
        Clock clock = new();
        int messages = 0;
        long length = 0;
        string line = new string('x', 63) + "\n";
        using (IopubWriter writer = new(new MessageCodec("key"), (_, frames) =>
        {
            messages++;
            length += Text(frames).Length;
        }, new(clock: clock, wait: clock.Pass), clock))
        {
            for (int i = 0; i < lines; i++) { writer.Stream(null, "stdout", line); }
        }
        Assert.Equal((100L << 20, (100 << 20) / IopubWriter.FlushChars), (length, messages));
        Assert.Equal(((100 << 20) - 16e6) / 32e6, clock.Now.TotalSeconds, tolerance: 0.01);     // a burst of 16, then 32 a second, in 10⁶
    }

    [Fact]
    public void TextThatWaits_LeavesWhenItsTimeIsOver()
    {
        List<string> texts = [];
        Clock clock = new();
        using IopubWriter writer = new(new MessageCodec("key"), (_, frames) => texts.Add(Text(frames)), clock: clock);
        writer.Stream(null, "stdout", "a");
        writer.Stream(null, "stdout", "b");
        Assert.Empty(texts);
        clock.Ring();
        Assert.Equal(["ab"], texts);
    }

    [Fact]
    public void APace_LetsABurstThrough_ThenKeepsToItsRate()
    {
        Clock clock = new();
        StreamPace pace = new(charsPerSecond: 1000, burst: 5000, clock, clock.Pass);

        for (int i = 0; i < 50; i++) { pace.Take(100); }
        Assert.Equal(TimeSpan.Zero, clock.Now);
        for (int i = 0; i < 100; i++) { pace.Take(100); }
        Assert.Equal(10, clock.Now.TotalSeconds, tolerance: 1e-6);

        clock.Pass(TimeSpan.FromHours(1));      // a rest gives one burst, not more
        TimeSpan rested = clock.Now;
        pace.Take(7000);
        Assert.Equal(2, (clock.Now - rested).TotalSeconds, tolerance: 1e-6);
    }

    static string Text(byte[][] frames) => JsonDocument.Parse(frames[^1]).RootElement.GetProperty("text").GetString()!;

    /// <summary>Time passes only when somebody waits, and a timer is over when the test says so.</summary>
    sealed class Clock : TimeProvider
    {
        Action ring = () => { };

        public TimeSpan Now { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public void Pass(TimeSpan time) => Now += time;

        public void Ring() => ring();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ring = () => callback(state);
            return new Still();
        }

        sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => default;
        }
    }
}
