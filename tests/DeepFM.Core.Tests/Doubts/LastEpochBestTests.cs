using DeepFM.Doubts;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Doubts;

public class LastEpochBestTests
{
    static readonly RunSettings threeEpochs = RunSettings.Default("deepfm").With("epochs=3").With("monitor=auc");

    static readonly double[] fallingLosses = [0.6, 0.5, 0.4];

    [Fact]
    public void ATrainingThatStillGotBetter_IsSaid_WithTheOption()
    {
        Assert.Equal(
            ["Training ended after all 3 epochs, and the last one still bettered the validation AUC from 0.7100 to 0.7300: more may better it "
                + "further. Set epochs=6."],
            RunDoubts.Of(Doubt.Report(threeEpochs, 0.70, 0.71, 0.73)));
        Assert.Contains("bettered the validation log loss from 0.5000 to 0.4000", Assert.Single(RunDoubts.Of(
            Doubt.Report(threeEpochs.With("monitor=logLoss"), 0.7, 0.7, 0.7) with
            {
                Training = Doubt.History(0.7, 0.7, 0.7) with
                {
                    Epochs = [.. fallingLosses.Select((loss, i) =>
                        Doubt.History(0.7).Epochs[0] with { Epoch = i + 1, Valid = Doubt.Figures(0.7, loss) })],
                },
            })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs=3", 0.70, 0.73, 0.72)]              // the best was before
    [InlineData("epochs=3", 0.70, 0.73, 0.7302)]            // hardly better
    [InlineData("epochs=4", 0.70, 0.71, 0.73)]              // stopped for another reason
    [InlineData("patience=0", 0.70, 0.71, 0.73)]            // as many epochs as asked for
    public void OtherTrainings_AreNotDoubtful(string change, double first, double second, double third) =>
        Assert.Empty(RunDoubts.Of(Doubt.Report(threeEpochs.With(change), first, second, third)));

    [Fact]
    public void Pretraining_IsLookedAtToo() => Assert.Contains("Set pretrainEpochs=4.", Assert.Single(RunDoubts.Of(
        Doubt.Report(threeEpochs.With("pretrainEpochs=2"), 0.73, 0.72, 0.71) with { Pretraining = Doubt.History(0.6, 0.7) })),
        StringComparison.Ordinal);
}
