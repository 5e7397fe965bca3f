using DeepFM.Research.Speed;

namespace DeepFM.Research.Tests.Speed;

public sealed class FigureTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 5.0, 1, 2 }, 2, 1, 5)]
    [InlineData(new[] { 4.0, 1, 9, 3 }, 3.5, 1, 9)]
    public void Of_IsMedianLowestAndHighest(double[] runs, double median, double min, double max) =>
        Assert.Equal(new Figure(median, min, max), Figure.Of(runs));

    [Fact]
    public void Of_NeedsARun() =>
        Assert.Equal("A figure needs at least one run.", Assert.Throws<ArgumentException>(() => Figure.Of([])).Message);
}
