using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Files;
using DeepFM.Notebooks.Jupyter;
using DeepFM.Notebooks.Tests.Jupyter;
using DeepFM.Notebooks.Tests.Shipped;

namespace DeepFM.Notebooks.Tests.Browser;

/// <summary>A Jupyter Notebook server on loopback, which knows the kernel that <c>deepfm jupyter install</c> has installed.</summary>
/// <remarks>Everything lies in a folder of its own: the kernel spec, Jupyter's settings, the notebooks, and what they write.</remarks>
sealed class JupyterServer : IAsyncDisposable
{
    static readonly TimeSpan deadline = TimeSpan.FromMinutes(1);
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-server-").FullName;
    readonly string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    readonly string python;
    Process? process;

    JupyterServer(string python) => this.python = python;

    /// <summary>Where all its pages are.</summary>
    public string Address { get; private set; } = "";

    string Runtime => Path.Combine(folder, "jupyter", "JUPYTER_RUNTIME_DIR");

    /// <summary>Starts one; skips the test where Jupyter Notebook is missing.</summary>
    public static async Task<JupyterServer> StartAsync()
    {
        // Version 7 has another page, whose parts have other names.
        string? python = await JupyterPython.FindAsync("import notebook, sys; sys.exit(notebook.version_info[0] != 6)");
        if (python is null)
        {
            Missing.Skip("Needs Jupyter Notebook: no python3 here can import version 6 of notebook. "
                + "On Debian: apt-get install jupyter-notebook.");
        }
        JupyterServer server = new(python);
        try { await server.RunAsync(); }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;
    }

    /// <summary>Puts a notebook, without its outputs, where the server finds it.</summary>
    /// <returns>The address of its page.</returns>
    public string Add(string name, Notebook notebook)
    {
        foreach (NotebookCell cell in notebook.Cells.Where(cell => cell.IsCode)) { cell.SetOutputs(null, []); }
        notebook.Write(Path.Combine(folder, "notebooks", name));
        return $"{Address}notebooks/notebooks/{name}?token={token}";
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        await DeleteAsync();
    }

    // A kernel that was killed with the server may still have been writing.
    async Task DeleteAsync()
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 20) { await Task.Delay(100); }
        }
    }

    async Task RunAsync()
    {
        Directory.CreateDirectory(Path.Combine(folder, "notebooks"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "artifacts"), Path.Combine(Committed.Folder, "..", "artifacts"));
        string prefix = Path.Combine(folder, "prefix");
        (int code, _, string error) = await JupyterPython.RunAsync(new("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "deepfm.dll"), "jupyter", "install", "--prefix", prefix]));
        Assert.True(code == 0, error);

        ProcessStartInfo start = new(python,
        [
            "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={FreePorts.Next()}",    // or one near it
            $"--NotebookApp.token={token}", $"--notebook-dir={folder}",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment["JUPYTER_PATH"] = Path.Combine(prefix, "share", "jupyter");
        foreach (string name in new[] { "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR" })
        {
            start.Environment[name] = Path.Combine(folder, "jupyter", name);
        }
        process = Process.Start(start)!;
        List<string> log = [];
        process.OutputDataReceived += (_, line) => { lock (log) { log.Add(line.Data ?? ""); } };
        process.ErrorDataReceived += (_, line) => { lock (log) { log.Add(line.Data ?? ""); } };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await AnswersAsync(log);
    }

    async Task AnswersAsync(List<string> log)
    {
        using HttpClient client = new();
        using CancellationTokenSource stop = new(deadline);
        while (!process!.HasExited && !stop.IsCancellationRequested)
        {
            try
            {
                if (Started() is { } address)
                {
                    using HttpResponseMessage answer = await client.GetAsync($"{address}api/kernelspecs?token={token}", stop.Token);
                    if (answer.IsSuccessStatusCode)
                    {
                        Assert.Contains("\".net-csharp\"", await answer.Content.ReadAsStringAsync(stop.Token), StringComparison.Ordinal);
                        Address = address;
                        return;
                    }
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException) { }
            await Task.Delay(100);
        }
        lock (log) { Assert.Fail($"The server does not answer:\n{string.Join('\n', log)}"); }
    }

    // The address that it has written; null until then.
    string? Started()
    {
        if (!Directory.Exists(Runtime)) { return null; }
        string? file = Directory.GetFiles(Runtime, "nbserver-*.json").SingleOrDefault();
        try { return file is null ? null : (string?)JsonNode.Parse(File.ReadAllText(file))!["url"]; }
        catch (JsonException) { return null; }          // half written
    }
}
