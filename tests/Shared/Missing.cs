namespace DeepFM.Tests;

/// <summary>What a test needs and this machine does not have.</summary>
static class Missing
{
    /// <summary>Skips the test with the reason; fails it where <c>DEEPFM_REQUIRE_TOOLS</c> is 1, as in <c>.ci/run</c>.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Skip(string reason)
    {
        if (Environment.GetEnvironmentVariable("DEEPFM_REQUIRE_TOOLS") == "1") { Assert.Fail(reason); }
        Assert.Skip(reason);
    }
}
