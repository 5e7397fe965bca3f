using System.Diagnostics;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A kernel in a process of its own, and a client that it has answered.</summary>
sealed class KernelProcessUnderTest : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-kernel-").FullName;
    readonly int parent;
    readonly string[] arguments;
    ConnectionFile connection;
    Process process;

    /// <summary>Starts dotnet with these arguments and the connection file's path.</summary>
    public KernelProcessUnderTest(params string[] arguments) : this(Environment.ProcessId, arguments) { }

    /// <summary>Starts it for another parent.</summary>
    public KernelProcessUnderTest(int parent, params string[] arguments)
    {
        (this.parent, this.arguments) = (parent, arguments);
        for (int tries = 1; ; tries++)
        {
            connection = ConnectionFile.OnFreePorts("secret");
            process = New();
            Client = new(connection);
            try
            {
                Client.Ready(() => process.HasExited);
                return;
            }
            catch (EndOfStreamException) when (tries < 5)           // another program was faster at a port
            {
                Client.Dispose();
                process.Dispose();
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    public Client Client { get; }

    /// <summary>Memory of the process, as the system counts it.</summary>
    public long Bytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it again, after its end.</summary>
    public void Start()
    {
        process.Dispose();
        process = New();
    }

    public async Task Signal(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The exit code, within a deadline: a process that stays fails the test.</summary>
    public async Task<int> ExitCode()
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!process.HasExited) { process.Kill(entireProcessTree: true); }
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    Process New()
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        connection.Write(file);
        ProcessStartInfo start = new("dotnet", [.. arguments, file]) { WorkingDirectory = folder };
        start.Environment["JPY_PARENT_PID"] = $"{parent}";
        start.Environment["LC_ALL"] = "de_DE.UTF-8";        // no number of the kit may depend on the user's language
        return Process.Start(start)!;
    }
}
