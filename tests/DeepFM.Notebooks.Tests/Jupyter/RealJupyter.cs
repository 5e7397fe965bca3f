using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Jupyter as it is installed here, with kernel specs of its own.</summary>
sealed class RealJupyter : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-jupyter-").FullName;
    readonly string python;

    /// <summary>Finds it; skips the test with the reason when it is not there, or fails where it must be.</summary>
    public RealJupyter()
    {
        string? found = JupyterPython.FindAsync("import jupyter_client, nbclient, nbconvert").GetAwaiter().GetResult();
        if (found is null)
        {
            Missing.Skip("Needs Jupyter: no python3 here can import jupyter_client, nbclient and nbconvert. "
                + "On Debian: apt-get install jupyter-nbconvert python3-nbclient python3-jupyter-client.");
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

    public Task<(int Code, string Output, string Error)> TryPython(params string[] arguments)
    {
        ProcessStartInfo start = new(python, arguments) { WorkingDirectory = folder };
        start.Environment["JUPYTER_DATA_DIR"] = folder;
        start.Environment["IPYTHONDIR"] = start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(folder, "config");
        return JupyterPython.RunAsync(start);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
