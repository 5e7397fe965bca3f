using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Models;

public class ModelCatalogTests
{
    public static TheoryData<string> Names => [.. ModelCatalog.Names];

    [Theory, MemberData(nameof(Names))]
    public void EveryName_MakesAModel(string name)
    {
        CatalogModel entry = ModelCatalog.Get(name);
        Assert.True(entry.Create(entry.Options).Build(fieldCount: 3).ParameterCount(featureCount: 7) >= 7);
    }

    [Fact]
    public void Defaults_AreThePapers()
    {
        foreach (CatalogModel model in ModelCatalog.All)
        {
            Assert.Equal(10, model.Options.EmbeddingSize);
            Assert.Equal([400, 400, 400], model.Options.HiddenWidths);
            Assert.Equal(0.5f, model.Options.DropRate);
            Assert.Equal(model.Name == "ipnn" ? Activation.Tanh : Activation.Relu, model.Options.Activation);
            Assert.Equal(model.Name == "lr" ? OptimizerKind.Ftrl : OptimizerKind.Adam, model.Training.Optimizer);
        }
    }

    /// <summary>Trap T13: aids that decide a ranking are asked for, never on by themselves.</summary>
    [Fact]
    public void Defaults_HaveNoTrainingAidsThatThePaperDoesNotName() => Assert.All(ModelCatalog.All, model =>
    {
        TrainingOptions training = model.Training;
        Assert.Equal((0f, 1f, 0f, 0f, 0f),
            (training.ClipNorm, training.LearningRateCut, training.EmbeddingL2, training.LinearL2, training.NetworkL2));
        Assert.Equal((0f, 0f), (training.FtrlL1, training.FtrlL2));
        Assert.False(model.Options.BatchNorm);
    });

    [Fact]
    public void PaperNames_AreItsNineModels()
    {
        Assert.Equal(9, ModelCatalog.PaperNames.Count);
        Assert.Equal(["LR", "FM", "FNN", "IPNN", "OPNN", "PNN*", "LR & DNN", "FM & DNN", "DeepFM"],
            ModelCatalog.PaperNames.Select(name => ModelCatalog.Get(name).DisplayName));
        Assert.Equal(["DNN", "DeepFM-IP", "DeepFM-OP", "DeepFM-*P"],
            ModelCatalog.ExtendedNames.Select(name => ModelCatalog.Get(name).DisplayName));
    }

    [Fact]
    public void UnknownName_GivesTheNearestAndTheList()
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => ModelCatalog.Get("DeepFN"));
        Assert.Equal("There is no model 'DeepFN'; did you mean 'deepfm'? There are: lr, fm, fnn, ipnn, opnn, pnn-star, "
            + "lr-dnn, fm-dnn, deepfm, dnn, deepfm-ip, deepfm-op, deepfm-star.", wrong.Message);
    }
}
