using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Jupyter as it is installed here, with kernel specs of its own.</summary>
sealed class RealJupyter : IDisposable
{
    // A Python of the user may stand before that of the system, which has the packages.
    static readonly string[] pythons = ["python3", "/usr/bin/python3"];
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-jupyter-").FullName;
    readonly string python;

    /// <summary>Finds it; skips the test with the reason when it is not there, or fails where it must be.</summary>
    public RealJupyter()
    {
        string? found = pythons.FirstOrDefault(HasJupyter);
        if (found is null)
        {
            const string reason = "Needs Jupyter: no python3 here can import jupyter_client, nbclient and nbconvert. "
                + "On Debian: apt-get install jupyter-nbconvert python3-nbclient python3-jupyter-client.";
            if (Environment.GetEnvironmentVariable("DEEPFM_REQUIRE_JUPYTER") == "1") { Assert.Fail(reason); }
            Assert.Skip(reason);
        }
        python = found;
    }

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Makes a kernel known that runs these words; {connection_file} is the file's place.</summary>
    public void AddKernel(string name, params string[] argv)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, "kernels", name)).FullName;
        File.WriteAllText(Path.Combine(path, "kernel.json"), new JsonObject
        {
            ["argv"] = JsonSerializer.SerializeToNode(argv),
            ["display_name"] = name,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
        }.ToJsonString());
    }

    /// <summary>Runs Python with these arguments; fails the test with its messages when it fails.</summary>
    public async Task<string> Python(params string[] arguments)
    {
        (int code, string output, string error) = await TryPython(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    public Task<(int Code, string Output, string Error)> TryPython(params string[] arguments) => Run(python, folder, arguments);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static bool HasJupyter(string python)
    {
        try { return Run(python, "", "-c", "import jupyter_client, nbclient, nbconvert").GetAwaiter().GetResult().Code == 0; }
        catch (System.ComponentModel.Win32Exception) { return false; }
    }

    static async Task<(int Code, string Output, string Error)> Run(string python, string data, params string[] arguments)
    {
        ProcessStartInfo start = new(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_DATA_DIR"] = data;
        start.Environment["IPYTHONDIR"] = start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(data, "config");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
