using DeepFM.Notebooks.Jupyter;
using DeepFM.Notebooks.Speed;

namespace DeepFM.Notebooks.Tests.Speed;

/// <summary>What the kernel's benchmark says when there is nothing to measure.</summary>
public sealed class KernelClientTests
{
    static readonly string program = Path.Combine(AppContext.BaseDirectory, "deepfm.dll");

    [Fact]
    public void ACellThatFails_SaysWhy_AndTheNextOneRuns()
    {
        using KernelClient kernel = new(KernelSpecStore.Host(), program);
        kernel.AskInfo();
        const string code = "throw new InvalidOperationException(\"no luck\");";
        UserErrorException failed = Assert.Throws<UserErrorException>(() => kernel.Run(code));
        Assert.Equal($"The kernel failed at '{code}': no luck", failed.Message);
        kernel.Run("1 + 1");
    }

    [Fact]
    public void AKernelThatDoesNotStart_SaysWhatItWrote()
    {
        using KernelClient kernel = new(KernelSpecStore.Host(), Path.Combine(AppContext.BaseDirectory, "missing.dll"));
        UserErrorException failed = Assert.Throws<UserErrorException>(kernel.AskInfo);
        Assert.StartsWith("The kernel has ended: Could not execute", failed.Message, StringComparison.Ordinal);
    }
}
