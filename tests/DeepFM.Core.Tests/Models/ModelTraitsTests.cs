using DeepFM.Models;

namespace DeepFM.Core.Tests.Models;

/// <summary>Table 1 of Guo et al. 2017 and what follows from the same definitions for the other models.</summary>
public class ModelTraitsTests
{
    [Theory]
    [InlineData("fnn", false, true, false, true)]
    [InlineData("ipnn", true, true, false, true)]
    [InlineData("opnn", true, true, false, true)]
    [InlineData("pnn-star", true, true, false, true)]
    [InlineData("lr-dnn", true, true, true, false)]         // Wide & Deep
    [InlineData("deepfm", true, true, true, true)]
    [InlineData("lr", true, false, true, false)]
    [InlineData("fm", true, false, true, true)]
    [InlineData("fm-dnn", true, true, true, true)]
    [InlineData("dnn", true, true, false, true)]
    [InlineData("deepfm-ip", true, true, true, true)]
    public void Traits_FollowFromTheDefinition(string name, bool noPretraining, bool highOrder, bool lowOrder, bool noEngineering)
    {
        CatalogModel entry = ModelCatalog.Get(name);
        Assert.Equal([noPretraining, highOrder, lowOrder, noEngineering], ModelTraits.Of(entry.Create(entry.Options)).InOrder);
    }
}
