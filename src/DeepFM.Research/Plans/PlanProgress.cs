using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>Where a whole plan stands.</summary>
/// <param name="Done">Runs that have their report, earlier ones included.</param>
/// <param name="Count">All runs.</param>
/// <param name="Share">Share of the plan's work that is done, in [0, 1].</param>
/// <param name="SecondsLeft">At the speed so far; null before anything was measured.</param>
/// <param name="Running">Titles of the runs under way.</param>
/// <param name="Training">Where the run that reports stands; null when a run has begun or ended.</param>
/// <param name="Completed">The run that has just ended.</param>
/// <param name="Notices">Which runs were there and are made again, and why; sentences, the same all the time.</param>
public sealed record PlanProgress(int Done, int Count, double Share, double? SecondsLeft, IReadOnlyList<string> Running,
    TrainingProgress? Training = null, FinishedRun? Completed = null, IReadOnlyList<string>? Notices = null);
