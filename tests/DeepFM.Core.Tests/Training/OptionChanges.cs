namespace DeepFM.Core.Tests.Training;

/// <summary>Another value of every option, for tests that go through all of them.</summary>
static class OptionChanges
{
    /// <summary>For each option a value, and what has to be set besides for the option to matter.</summary>
    static readonly Dictionary<string, (string Value, string Besides)> all = new()
    {
        ["embeddingSize"] = ("4", ""),
        ["hiddenWidths"] = ("6,5", ""),
        ["activation"] = ("tanh", ""),
        ["dropRate"] = ("0.4", ""),
        ["batchNorm"] = ("true", ""),
        ["embeddingDeviation"] = ("0.5", ""),
        ["weightInit"] = ("he", ""),
        ["optimizer"] = ("adagrad", ""),
        ["updateRows"] = ("all", "batchSize=5"),
        ["learningRate"] = ("0.1", ""),
        ["adamBeta1"] = ("0.5", ""),
        ["adamBeta2"] = ("0.9", ""),
        ["epsilon"] = ("0.01", ""),
        ["ftrlBeta"] = ("0.5", "optimizer=ftrl"),
        ["ftrlL1"] = ("0.01", "optimizer=ftrl"),
        ["ftrlL2"] = ("0.5", "optimizer=ftrl"),
        ["embeddingL2"] = ("0.2", ""),
        ["linearL2"] = ("0.1", ""),
        ["networkL2"] = ("0.1", ""),
        ["l2Rows"] = ("all", "embeddingL2=0.1 batchSize=5"),
        ["clipNorm"] = ("0.01", ""),
        ["batchSize"] = ("16", ""),
        ["outputBias"] = ("zero", ""),
        ["epochs"] = ("2", ""),
        ["patience"] = ("1", "patienceSteps=0"),
        ["patienceSteps"] = ("0", "patience=1"),
        ["monitor"] = ("logLoss", "learningRate=0.05"),
        ["learningRateCut"] = ("0.5", "outputBias=zero"),
        ["minLearningRate"] = ("0.15", "learningRateCut=0.5 outputBias=zero"),
        ["pretrainEpochs"] = ("2", ""),
        ["batchNormMomentum"] = ("0.5", "batchNorm=true"),
        ["batchNormEpsilon"] = ("0.1", "batchNorm=true"),
        ["groupField"] = ("field0", ""),
    };

    /// <summary>A value that is not the default, and the assignments without which it would not matter.</summary>
    public static (string Value, string Besides) Of(string key)
    {
        Assert.True(all.ContainsKey(key), $"The option {key} is new: say in {nameof(OptionChanges)} which value of it shows.");
        return all[key];
    }
}
