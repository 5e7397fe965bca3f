using DeepFM.Notebooks.Jupyter;
using DeepFM.Notebooks.Tests.Jupyter;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace DeepFM.Notebooks.Tests;

/// <summary>Runs the tests; or, for tests of a whole process, a kernel with the fake host.</summary>
static class Program
{
    /// <summary>The first argument that starts a kernel; the second is its connection file.</summary>
    public const string FakeKernel = "fake-kernel";

    static async Task<int> Main(string[] args)
    {
        if (args is [FakeKernel, string connectionFile])
        {
            await KernelProcess.RunAsync(connectionFile, () => new FakeHost());
            return 0;
        }
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
