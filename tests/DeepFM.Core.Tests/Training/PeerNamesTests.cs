using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public class PeerNamesTests
{
    /// <summary>The table leads to options that there are, and no name of the kit's own is taken for another's.</summary>
    [Fact]
    public void LeadsToTheKitsOwnNames()
    {
        Assert.All(PeerNames.Targets, target => Assert.All(
            target.Split(", which")[0].Replace(" or ", ", ", StringComparison.Ordinal).Split(", "), name => Assert.Contains(name, RunSettings.Keys)));
        Assert.All(RunSettings.Keys, key => Assert.Equal(key, RunSettings.OwnName(key)));
        Assert.Null(RunSettings.OwnName("frobnicate"));
    }
}
