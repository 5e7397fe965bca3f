using System.CommandLine;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Cli;

/// <summary>The kernel command: what Jupyter starts. People have no use for it, so the help does not list it.</summary>
static class KernelCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "kernel";

    public static Command Create()
    {
        Option<string> connection = new("--connection-file")
        {
            Description = "The file in which Jupyter says where the kernel listens.",
            HelpName = "FILE",
            Required = true,
        };
        Command command = new(Name, "Runs the Jupyter kernel; Jupyter starts it.") { connection };
        command.Hidden = true;
        command.SetBody((parsed, _) =>
            KernelProcess.RunAsync(parsed.GetRequiredValue(connection), () => new CellHost()).GetAwaiter().GetResult());
        return command;
    }
}
