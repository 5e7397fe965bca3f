using DeepFM.Models;

namespace DeepFM.Core.Tests.Models;

public class EmbeddingTests
{
    [Theory]
    [InlineData("fm", "A pair sum needs"), InlineData("deepfm", "A pair sum needs"), InlineData("ipnn", "Inner products need")]
    public void PairsOfOneField_AreRefused(string model, string subject)
    {
        CtrModel created = ModelCatalog.Get(model).Create(new());
        Assert.Equal($"{subject} at least 2 fields; the data have 1, whose values form no pairs with each other. "
            + "Give what should pair a field each, or take another model.", Assert.Throws<ArgumentException>(() => created.Build(1)).Message);
        created.Build(2);
    }
}
