using System.Diagnostics;
using DeepFM.Research.Speed;

namespace DeepFM.Benchmarks.Peers;

/// <summary>Something that trains and is compared by its rate.</summary>
interface IContender : IDisposable
{
    /// <summary>For the report.</summary>
    string Name { get; }

    /// <summary>Samples of a step.</summary>
    double WorkOfStep { get; }

    /// <summary>Trains once; steps are counted from 0.</summary>
    void Step(int step);
}

/// <summary>Measures two contenders in turn, so that a slow minute of the machine is one of both.</summary>
/// <param name="Rounds">Turns of each, after one of each that warms up.</param>
/// <param name="Seconds">Least time of a turn.</param>
sealed record InTurn(int Rounds, double Seconds)
{
    /// <summary>Measures.</summary>
    public PeerReport Measure(string benchmark, IContender kit, IContender peer, int threads)
    {
        Turn(kit);
        Turn(peer);
        List<double> kitMilliseconds = [], peerMilliseconds = [], ratios = [];
        for (int round = 0; round < Rounds; round++)
        {
            List<double> ours = Turn(kit), theirs = Turn(peer);
            kitMilliseconds.AddRange(ours);
            peerMilliseconds.AddRange(theirs);
            ratios.Add(kit.WorkOfStep / Figure.Of(ours).Median / (peer.WorkOfStep / Figure.Of(theirs).Median));
        }
        return new(benchmark, threads, Of(kit, kitMilliseconds), Of(peer, peerMilliseconds), Figure.Of(ratios));
    }

    static ContenderReport Of(IContender contender, List<double> milliseconds)
    {
        Figure figure = Figure.Of(milliseconds);
        return new(contender.Name, 1e3 * contender.WorkOfStep / figure.Median, figure);
    }

    List<double> Turn(IContender contender)
    {
        List<double> milliseconds = [];
        long turn = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            contender.Step(milliseconds.Count);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(turn).TotalSeconds < Seconds);
        return milliseconds;
    }
}

/// <summary>One contender's figures.</summary>
/// <param name="Name">Which.</param>
/// <param name="SamplesPerSecond">At the median step.</param>
/// <param name="StepMilliseconds">A step's time.</param>
sealed record ContenderReport(string Name, double SamplesPerSecond, Figure StepMilliseconds);

/// <summary>The kit and a peer, measured in turn.</summary>
/// <param name="Benchmark">What was measured.</param>
/// <param name="Threads">Of both.</param>
/// <param name="Kit">The kit.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Ratio">The kit's rate by the peer's, of each round.</param>
sealed record PeerReport(string Benchmark, int Threads, ContenderReport Kit, ContenderReport Peer, Figure Ratio)
    : SpeedReport(Benchmark);
