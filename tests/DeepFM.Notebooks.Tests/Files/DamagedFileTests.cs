using DeepFM.Notebooks.Files;
using DeepFM.Notebooks.Jupyter;
using DeepFM.Tests;

namespace DeepFM.Notebooks.Tests.Files;

/// <summary>Every file that notebooks and their kernel read, damaged in a thousand ways: it is read, or a message says what is wrong.</summary>
public sealed class DamagedFileTests : IDisposable
{
    const string NotebookText =
        """
        { "cells": [
            { "cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title\n", "text"] },
            { "cell_type": "code", "id": "b", "execution_count": 1, "metadata": { "tags": ["parameters"] }, "source": "int epochs = 5;",
              "outputs": [ { "output_type": "stream", "name": "stdout", "text": ["1\n"] },
                { "output_type": "display_data", "data": { "text/html": ["<b>"], "text/plain": "x" }, "metadata": {} } ] } ],
          "metadata": { "kernelspec": { "language": "C#", "name": ".net-csharp" }, "language_info": { "name": "C#" } },
          "nbformat": 4, "nbformat_minor": 5 }
        """;

    readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ANotebook() => Damaged.AssertReadOrRefused(3000, NotebookText, json =>
    {
        Notebook notebook = Notebook.Parse(json, "x");
        _ = notebook.Language;
        if (notebook.Cells.Any(cell => cell.IsCode && cell.Tags.Contains("parameters") && cell.Source == "int epochs = 5;"))
        {
            NotebookParameters.Inject(notebook, "x", new Dictionary<string, string> { ["epochs"] = "1" });
        }
        foreach (NotebookCell cell in notebook.Cells)
        {
            cell.RemoveScripts();
            if (cell.IsCode) { cell.SetOutputs(1, []); }
            cell.Source += "\n";
        }
        notebook.ToJson();
    });

    [Fact]
    public void AConnectionFile()
    {
        string path = Path.Combine(folder, "c.json");
        ConnectionFile.OnFreePorts("key").Write(path);
        Damaged.AssertReadOrRefused(2000, File.ReadAllText(path), json =>
        {
            File.WriteAllText(path, json);
            ConnectionFile.Read(path);
        });
    }

    // A kernel.json that cannot be understood is a problem to list, never a failure.
    [Fact]
    public void AKernelSpec()
    {
        KernelSpecStore store = new(folder);
        string path = Path.Combine(store.Install("k", "/deepfm.dll", force: false).Folder, KernelSpec.FileName), whole = File.ReadAllText(path);
        for (int seed = 1; seed <= 1000; seed++)
        {
            File.WriteAllText(path, new Mutator(seed).Json(whole));
            Exception? fault = Record.Exception(() => Assert.Single(store.List()));
            Assert.True(fault is null, $"Damage of seed {seed}: {fault}\n{File.ReadAllText(path)}");
        }
    }
}
