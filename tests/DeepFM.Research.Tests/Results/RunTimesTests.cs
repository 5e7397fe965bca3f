using DeepFM.Research.Plans;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Results;

public class RunTimesTests
{
    [Fact]
    public void APlanThatWasResumed_TellsTheTimeOfAllItsRuns_AndWhatThisStartMade() => Assert.Equal(
        "3 runs, 5.5 minutes of training and validation when those that ran side by side are added up. 1 of them, 1.5 minutes, "
            + "was made in this start, which took 2.0 minutes with 4 threads.",
        RunTimes.Sentence([Run("lr", 120, wasThere: true), Run("fnn", 60, wasThere: true, pretraining: 60), Run("deepfm", 90)],
            TimeSpan.FromMinutes(2), threads: 4));

    [Theory]
    [InlineData(true, "All were made before this start, which took 0.1 minutes with 2 threads.")]
    [InlineData(false, "All were made in this start, which took 0.1 minutes with 2 threads.")]
    public void OneStart_IsCalledWhatItIs(bool wasThere, string expected) => Assert.EndsWith(expected,
        RunTimes.Sentence([Run("lr", 120, wasThere), Run("fm", 60, wasThere)], TimeSpan.FromSeconds(6), threads: 2),
        StringComparison.Ordinal);

    // A sixth of the time is evaluation.
    static FinishedRun Run(string model, double seconds, bool wasThere = false, double pretraining = 0)
    {
        PlannedRun run = new(RunSettings.Default(model), 1, ["table2"]);
        return new(run, new()
        {
            DisplayName = model,
            Settings = run.Settings,
            Seed = 1,
            Threads = 1,
            Data = new(new string('0', 64), "given files", 3, 10, new(100, 0.2), null, null),
            ParameterCount = 10,
            Training = History(seconds),
            Pretraining = pretraining > 0 ? History(pretraining) : null,
            Machine = MachineReport.Current,
            Date = DateTime.UnixEpoch,
        }, "", wasThere);
    }

    static TrainingHistory History(double seconds) => new()
    {
        Epochs = [new()
        {
            Epoch = 1,
            TrainLoss = 0.5,
            LearningRate = 0.1f,
            TrainSeconds = seconds * 5 / 6,
            EvaluationSeconds = seconds / 6,
        }],
        BestEpoch = 1,
        Outcome = "",
        Rows = 100,
    };
}
