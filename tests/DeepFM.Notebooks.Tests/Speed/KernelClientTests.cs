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
        string missing = Path.Combine(AppContext.BaseDirectory, "missing.dll");
        using KernelClient kernel = new(KernelSpecStore.Host(), missing), other = new(KernelSpecStore.Host(), missing);
        Assert.Equal((64, 64), (kernel.Connection.Key.Length, other.Connection.Key.Length));
        Assert.NotEqual(kernel.Connection.Key, other.Connection.Key);       // nobody can guess it
        UserErrorException failed = Assert.Throws<UserErrorException>(kernel.AskInfo);
        Assert.StartsWith("The kernel has ended: Could not execute", failed.Message, StringComparison.Ordinal);
    }
}
