using System.Diagnostics;
using System.Text.Json;

namespace DeepFM.Cli.Tests;

/// <summary>The command as its users start it: a process with redirected streams.</summary>
public sealed class ProcessTests : IDisposable
{
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task Train_PrintsJsonAlone_AndPlainProgress()
    {
        using Process process = Start("train", "--schema", "schema.json", "--train", "train.csv", "--valid", "valid.csv",
            "--test", "test.csv", "--set", "hiddenWidths=8", "epochs=2", "--out", "run", "--json");
        (string output, string error) = await Finish(process);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal("DeepFM", JsonDocument.Parse(output).RootElement.GetProperty("displayName").GetString());
        Assert.Contains("epoch 2 of 2: training loss", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output + error);
    }

    [Fact]
    public async Task WrongUse_EndsWithCode2()
    {
        using Process process = Start("evaluate", "--model-dir", "nowhere", "--data", "test.csv");
        (string output, string error) = await Finish(process);

        Assert.Equal((2, ""), (process.ExitCode, output));
        Assert.Contains("nowhere: there is no such directory.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongRegisterWidth_IsWrongUse()
    {
        using Process process = Start(new Dictionary<string, string> { ["DEEPFM_SIMD"] = "77" }, "train", "--schema", "schema.json", "--train", "train.csv", "--out", "run");
        (string output, string error) = await Finish(process);

        Assert.Equal((2, ""), (process.ExitCode, output));
        Assert.Contains("DEEPFM_SIMD is '77'; this processor allows ", error, StringComparison.Ordinal);
    }

    /// <summary>A cell that ends the process must not make a notebook that was cut short look as if all went well.</summary>
    [Theory]
    [InlineData(0), InlineData(3)]
    public async Task ACellThatEndsTheProcess_IsAFailedCell_AndTheCopyIsWritten(int code)
    {
        workspace.Write("exit.ipynb", $$"""
            { "cells": [
              { "cell_type": "code", "metadata": {}, "outputs": [], "source": "Console.Write(\"before\"); Environment.Exit({{code}});" },
              { "cell_type": "code", "metadata": {}, "outputs": [], "source": "1" }
            ], "metadata": {}, "nbformat": 4, "nbformat_minor": 4 }
            """);
        using Process process = Start("notebook", "run", "exit.ipynb", "--out", "out");
        (_, string error) = await Finish(process);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("exit.ipynb, cell 1 of 2 failed:", error, StringComparison.Ordinal);
        Assert.Contains($"The cell ended the process with exit code {code}; no cell behind it was run.", error, StringComparison.Ordinal);
        JsonElement outputs = JsonDocument.Parse(await File.ReadAllTextAsync(workspace["out/exit.ipynb"],
            TestContext.Current.CancellationToken)).RootElement.GetProperty("cells")[0].GetProperty("outputs");
        Assert.Equal(["before", "ProcessExit"], [outputs[0].GetProperty("text")[0].GetString(), outputs[1].GetProperty("ename").GetString()]);
    }

    [Fact]
    public async Task CtrlC_StopsCleanly_AndLeavesNothingBehind()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A process cannot send Ctrl-C to another one on Windows."); }
        using Process process = Start("train", "--schema", "schema.json", "--train", "train.csv", "--valid", "valid.csv",
            "--set", "epochs=100000", "patience=0", "hiddenWidths=8", "--out", "run");
        try
        {
            string? line;                       // before it there may be lines about the reading of the rows
            do { line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken); }
            while (line is not null && !line.Contains("epoch 1 of 100000", StringComparison.Ordinal));
            Assert.NotNull(line);

            using (Process kill = Process.Start(new ProcessStartInfo("kill", ["-INT", $"{process.Id}"]) { WorkingDirectory = workspace.Folder })!)
            {
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            (_, string error) = await Finish(process);

            Assert.Equal(130, process.ExitCode);
            Assert.EndsWith("Stopped. Nothing was written for the run in progress.", error.TrimEnd(), StringComparison.Ordinal);
            Assert.False(Directory.Exists(workspace["run"]));
        }
        finally { process.Kill(); }
    }

    Process Start(params string[] arguments) => Start([], arguments);

    Process Start(Dictionary<string, string> variables, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "deepfm.dll"), .. arguments])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables) { start.Environment[name] = value; }
        return Process.Start(start)!;
    }

    static async Task<(string Output, string Error)> Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (await output, await error);
    }
}
