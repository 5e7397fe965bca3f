using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public class BestEpochTests
{
    [Fact]
    public void Auc_HigherIsBetter_AndLessThanAMillionthIsNoProgress()
    {
        BestEpoch best = new(DeepFM.Training.Monitor.Auc);

        Assert.True(best.Add(1, Figures(auc: 0.7)));
        Assert.False(best.Add(2, Figures(auc: 0.7 + 0.9e-6)));
        Assert.False(best.Add(3, Figures(auc: 0.6)));
        Assert.Equal((1, 2), (best.Epoch, best.Stalled));
        Assert.True(best.Add(4, Figures(auc: 0.7 + 1.1e-6)));
        Assert.Equal((4, 0), (best.Epoch, best.Stalled));
    }

    [Fact]
    public void LogLoss_LowerIsBetter()
    {
        BestEpoch best = new(DeepFM.Training.Monitor.LogLoss);

        Assert.True(best.Add(1, Figures(logLoss: 0.5)));
        Assert.True(best.Add(2, Figures(logLoss: 0.4)));
        Assert.False(best.Add(3, Figures(logLoss: 0.45)));
    }

    [Fact]
    public void OneClass_SaysWhyAndWhatToDo()
    {
        Assert.Equal("Early stopping watches AUC on validation rows. All 3 labels of these are 1. "
            + "Give validation rows of both classes, or none: then the last epoch is kept.",
            Assert.Throws<UserErrorException>(() => BestEpoch.Require(DeepFM.Training.Monitor.Auc, [1, 1, 1])).Message);
        BestEpoch.Require(DeepFM.Training.Monitor.Auc, [1, 0, 1]);
        BestEpoch.Require(DeepFM.Training.Monitor.LogLoss, [1, 1, 1]);
    }

    static EvaluationMetrics Figures(double auc = 0.5, double logLoss = 0.69) => new()
    {
        Rows = 2,
        ClickRate = 0.5,
        Auc = auc,
        LogLoss = logLoss,
        Calibration = 1,
        RelativeInformationGain = 0,
    };
}
