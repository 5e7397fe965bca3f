namespace DeepFM.Core.Tests;

public class RequireTests
{
    [Theory, InlineData(float.NaN), InlineData(-0.1f), InlineData(1.5f)]
    public void InRange_NamesTheArgumentTheValueAndTheRange(float value)
    {
        ArgumentOutOfRangeException wrong =
            Assert.Throws<ArgumentOutOfRangeException>(() => Require.InRange(value, 0f, 0.99f, "DropRate"));
        Assert.Contains("DropRate must be in [0, 0.99].", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_NamesTheBufferAndTheShape()
    {
        int length = 104;
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => Require.Shape(length, [3, 5, 7]));
        Assert.Equal("length is 104, but the shape must be [3, 5, 7].", wrong.Message);
    }
}
