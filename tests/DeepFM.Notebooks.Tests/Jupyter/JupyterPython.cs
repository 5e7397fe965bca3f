using System.ComponentModel;
using System.Diagnostics;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A Python that has Jupyter's packages.</summary>
static class JupyterPython
{
    // A Python of the user may stand before that of the system, which has the packages.
    static readonly string[] pythons = ["python3", "/usr/bin/python3"];

    /// <summary>The first one for which a program of one line goes well; null when there is none.</summary>
    public static async Task<string?> FindAsync(string check)
    {
        foreach (string python in pythons)
        {
            try
            {
                if ((await RunAsync(new(python, ["-c", check]))).Code == 0) { return python; }
            }
            catch (Win32Exception) { }          // there is no such program
        }
        return null;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
