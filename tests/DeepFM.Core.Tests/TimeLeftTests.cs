namespace DeepFM.Core.Tests;

/// <summary>The time left on a simulated clock: right within a factor of 1.5 from a tenth of the work on, once a rate has lasted a while.</summary>
public class TimeLeftTests
{
    const double Every = 0.2, Factor = 1.5;

    /// <summary>Rates of the work one after the other, each for a time: the last one to the end.</summary>
    public static TheoryData<string, (double Seconds, double Rate)[]> Courses => new()
    {
        { "steady", [(0, 1)] },
        { "steady and short", [(0, 50)] },
        { "slow start of a long work", [(12, 0.1), (0, 1)] },
        { "slow start of a short work", [(0.5, 1), (0, 20)] },
        { "a standstill at first", [(5, 0), (0, 1)] },
        { "half as fast from the middle on", [(50, 1), (0, 0.5)] },
        { "three times as fast from a third on", [(33, 1), (0, 3)] },
        { "a busy machine for a while", [(30, 1), (20, 0.2), (0, 1)] },
    };

    [Theory, MemberData(nameof(Courses))]
    public void IsRightWithinAFactor(string name, (double Seconds, double Rate)[] course)
    {
        const double work = 100;
        double end = course.Sum(part => part.Seconds) + (work - course.Sum(part => part.Seconds * part.Rate)) / course[^1].Rate;
        TimeLeft left = new();
        int judged = 0;
        for (double now = 0; now < end - Every; now += Every)
        {
            double share = Done(course, now) / work;
            double? told = left.After(now, share);
            if (share < 0.1 || !IsSettled(course, now)) { continue; }
            judged++;
            Assert.True(told > (end - now) / Factor && told < (end - now) * Factor, $"{name}: {told:0.0} s were told {end - now:0.0} s before the end");
        }
        Assert.True(judged >= 5, $"{name}: {judged} times were judged.");
        Assert.Equal(0, left.After(end, 1));
    }

    /// <summary>Work that comes in bursts, as blocks of a file do: the rate is that of some of them.</summary>
    [Fact]
    public void TakesTheRateOfSeveralReports()
    {
        TimeLeft left = new();
        left.After(0, 0);
        for (int burst = 1; burst < 20; burst++)
        {
            double? told = left.After(20 * burst, burst / 20.0);
            Assert.Equal(20.0 * (20 - burst), told!.Value, tolerance: 1e-6);
        }
    }

    [Fact]
    public void KnowsNothing_BeforeAnythingIsDone() => Assert.Null(new TimeLeft().After(0, 0));

    [Fact]
    public void AStandstill_LeavesWhatIsKnown()
    {
        TimeLeft left = new();
        for (int second = 0; second <= 10; second++) { left.After(second, second / 20.0); }
        for (int second = 11; second <= 60; second++)
        {
            Assert.InRange(left.After(second, 0.5)!.Value, 10, 10.001 * (second - 9));      // by the last twentieth that was done, and all the time since
        }
    }

    static double Done((double Seconds, double Rate)[] course, double now)
    {
        double done = 0;
        foreach ((double seconds, double rate) in course[..^1])
        {
            done += Math.Min(now, seconds) * rate;
            now -= Math.Min(now, seconds);
        }
        return done + now * course[^1].Rate;
    }

    // Whether the last rate has lasted for five seconds, or for a sixth of the time so far: nobody can know of a change before.
    static bool IsSettled((double Seconds, double Rate)[] course, double now)
    {
        double change = course[..^1].Sum(part => part.Seconds);
        return now - change >= Math.Max(Math.Min(5, now / 6), 4 * Every);
    }
}
