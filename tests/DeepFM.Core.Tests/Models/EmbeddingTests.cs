using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Models;

public class EmbeddingTests
{
    const string NoPair = "A pair sum needs at least 2 features; the data have one field, 'x', whose values form no pairs with each other. ";

    [Theory]
    [InlineData(FieldShape.Bag, NoPair + "Set \"pairsWithin\": true for it in the schema, or take another model.")]
    [InlineData(FieldShape.OneId, NoPair + "Give what should pair a field each, or take another model.")]
    [InlineData(FieldShape.Value, NoPair + "Give what should pair a field each, or take another model.")]
    public void APairSumOfNothing_IsRefused(FieldShape shape, string message)
    {
        foreach (string model in new[] { "fm", "deepfm", "fm-dnn", "deepfm-op" })
        {
            ModelDefinition definition = ModelCatalog.Get(model).Create(TestData.SmallModel).Build(1);
            EncodedField one = new("x", shape, 0, 3);
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Start(definition, [one])).Message);
            Assert.Equal(message,
                Assert.Throws<ArgumentException>(() => Engine.ForScoring(definition, [one], new(), threads: 1)).Message);
            Start(definition, [new("x", FieldShape.Bag, 0, 3, PairsWithin: true)]);
            Start(ModelCatalog.Get(model).Create(TestData.SmallModel).Build(2), [one, new("y", shape, 3, 4)]);
        }
        Start(ModelCatalog.Get("lr").Create(TestData.SmallModel).Build(1), [new("x", shape, 0, 3)]);

        static void Start(ModelDefinition definition, EncodedField[] fields) => new Engine(definition, fields, new(), 1, 1).Dispose();
    }

    [Theory, InlineData("ipnn"), InlineData("pnn-star"), InlineData("deepfm-ip"), InlineData("deepfm-star")]
    public void InnerProductsOfOneField_AreRefused(string model)
    {
        CtrModel created = ModelCatalog.Get(model).Create(new());
        Assert.Equal("Inner products are of fields, and need at least 2; the data have 1. Give what should pair a field each, in libFM files "
            + "by the schema's 'columns', or take another model.", Assert.Throws<ArgumentException>(() => created.Build(1)).Message);
        created.Build(2);
    }
}
