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
        Assert.True(best.Add(4, Figures(auc: 0.71)));
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
        EvaluationMetrics oneClass = EvaluationMetrics.Of([0.5f, 1f], [1f, 1f]);

        string message = Assert.Throws<UserErrorException>(
            () => new BestEpoch(DeepFM.Training.Monitor.Auc).Add(1, oneClass)).Message;

        Assert.StartsWith("Early stopping watches AUC on validation rows, which is not defined: All 2 labels are 1;", message,
            StringComparison.Ordinal);
        Assert.EndsWith("Give other validation rows, or set monitor=logLoss.", message, StringComparison.Ordinal);
        Assert.True(new BestEpoch(DeepFM.Training.Monitor.LogLoss).Add(1, oneClass));
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
