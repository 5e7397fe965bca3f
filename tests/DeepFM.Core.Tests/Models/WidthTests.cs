using DeepFM.Models;

namespace DeepFM.Core.Tests.Models;

/// <summary>Sizes that would not fit are refused where the model is defined, with the option that helps.</summary>
public class WidthTests
{
    [Theory]
    [InlineData("ipnn", 65_536, 10, "Inner products of 65536 fields would be 2147450880 numbers a row, more than 1073741824. "
        + "Set a smaller embeddingSize, give fewer fields, or take another model.")]
    [InlineData("dnn", 65_536, 1024, "A hidden layer of 400 units over 67108864 inputs has 26843545600 weights, more than 1073741824. "
        + "Set smaller hiddenWidths or a smaller embeddingSize, or give fewer fields.")]
    public void AModelThatIsTooWide_IsRefused(string model, int fields, int size, string message) => Assert.Equal(message,
        Assert.Throws<ArgumentException>(() => TestModels.Named(model, new() { EmbeddingSize = size }).Build(fields)).Message);

    [Fact]
    public void AnOuterProductThatIsTooWide_IsRefused() => Assert.StartsWith("The outer product of 102400 units would be 10485760000 numbers",
        Assert.Throws<ArgumentException>(() => new Outer(new() { EmbeddingSize = 1024 }).Build(100)).Message, StringComparison.Ordinal);

    sealed class Outer(ModelOptions options) : CtrModel(options)
    {
        protected override Logit Define(Inputs x) => x.Embed(Options.EmbeddingSize).Concat().OuterProduct().Output();
    }
}
