namespace DeepFM.Cli.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Starts() => Assert.True(true);
}
