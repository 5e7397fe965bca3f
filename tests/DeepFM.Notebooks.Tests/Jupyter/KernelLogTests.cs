using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

public sealed class KernelLogTests
{
    // Whoever sends nonsense without end must not fill the disk that the server's log is on.
    [Fact]
    public void AFlood_IsCutShort_AndCounted()
    {
        StringWriter output = new() { NewLine = "\n" };
        Clock clock = new();
        KernelLog log = new(output, clock);
        for (int i = 0; i < 100; i++) { log.Line($"line {i}"); }
        Assert.Equal(60, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        clock.Now += TimeSpan.FromMinutes(1);
        log.Line("later");
        Assert.EndsWith("[deepfm kernel] line 59\n[deepfm kernel] 40 lines were left out\n[deepfm kernel] later\n", output.ToString(),
            StringComparison.Ordinal);
    }

    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
