using System.Diagnostics;
using System.Globalization;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>What goes wrong around a command, not in it: full disks for its messages, closed terminals, pipes, homes that are not there.</summary>
public sealed class MishapTests : IDisposable
{
    const string Long = "train --schema schema.json --train train.csv --valid valid.csv --set epochs=100000 patience=0 hiddenWidths=8 --out run";

    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void MessagesThatNobodyTakes_EndNothing()
    {
        Full error = new();
        StringWriter output = new();
        int code = Run(output, error, "train", "--schema", workspace["schema.json"], "--train", workspace["train.csv"], "--valid", workspace["valid.csv"],
            "--set", "epochs=2", "hiddenWidths=8", "--out", workspace["run"]);
        Assert.Equal(0, code);
        Assert.True(error.Tries > 0);
        Assert.Contains("validation AUC", output.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(workspace["run/report.json"]));

        Assert.Equal(2, Run(output, error, "train", "--schema", workspace["nowhere.json"], "--train", workspace["train.csv"], "--out", workspace["other"]));
        Assert.Equal(2, Run(output, error, "trian"));
    }

    [Fact]
    public void AResultThatCannotBePrinted_IsAFailure_ThatSaysWhatIsThere()
    {
        StringWriter error = new();
        Assert.Equal(1, Run(new Full(), error, "train", "--schema", workspace["schema.json"], "--train", workspace["train.csv"], "--model", "lr",
            "--set", "epochs=1", "--out", workspace["run"], "--json"));
        Assert.EndsWith("The result could not be printed: No space left on device. What the command wrote to files is there.",
            error.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("LR", RunReport.Read(workspace["run/report.json"]).DisplayName);
    }

    [Fact]
    public async Task FullDisksAndClosedPipes_OfARealProcess()
    {
        if (!File.Exists("/dev/full")) { Assert.Skip("Only Linux has a device that is always full."); }
        string deepfm = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        const string train = "train --schema schema.json --train train.csv --valid valid.csv --set epochs=2 hiddenWidths=8 --force --out run";
        Assert.Equal((0, ""), await Shell($"{deepfm} {train} > out 2> /dev/full"));
        Assert.Contains("validation AUC", await File.ReadAllTextAsync(workspace["out"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal((0, ""), await Shell($"{deepfm} {train} 2>&1 > out | true; exit ${{PIPESTATUS[0]}}"));
        (int code, string error) = await Shell($"{deepfm} {train} > /dev/full");
        Assert.Equal(1, code);
        Assert.Contains("The result could not be printed: ", error, StringComparison.Ordinal);
        Assert.True(File.Exists(workspace["run/report.json"]));
    }

    [Fact]
    public async Task AClosedTerminal_StopsACommandCleanly_UnlessItIsToGoOn()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A process cannot hang up on another one on Windows."); }
        Assert.Equal((130, "Stopped. Nothing was written for the run in progress."), await HangUp("env --default-signal=HUP "));   // also below nohup
        Assert.False(Directory.Exists(workspace["run"]));
        Assert.Equal(130, (await HangUp("nohup ", thenTerminate: true)).Code);
    }

    [Fact]
    public async Task DataFromAPipe_AreRefusedAtOnce_AlsoWhenNobodyWritesToIt()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("Named pipes are not files on Windows."); }
        string deepfm = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        (int code, string error) = await Shell($"mkfifo pipe; {deepfm} describe --schema schema.json --data pipe");
        Assert.Equal(2, code);
        Assert.Contains("pipe: this is a pipe or a device, and data are read more than once.", error, StringComparison.Ordinal);
    }

    /// <summary>A file on standard input can be read as often as is needed.</summary>
    [Fact]
    public async Task DataFromAFile_OnStandardInput_AreRead()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("There is no /dev/stdin on Windows."); }
        string deepfm = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        Assert.Equal(0, (await Shell($"{deepfm} describe --schema schema.json --data /dev/stdin < train.csv > out")).Code);
        Assert.StartsWith("401 rows", await File.ReadAllTextAsync(workspace["out"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/at/all"), InlineData("")]
    public async Task AHomeThatIsNotThere_IsInNobodysWay(string home)
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("HOME is not what Windows goes by."); }
        string deepfm = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        Assert.Equal((0, ""), await Shell($"HOME={home} {deepfm} train --schema schema.json --train train.csv --model lr --set epochs=1 --out run > out 2>&1"));
    }

    /// <summary>A kernel that was installed below the current folder is found by nobody.</summary>
    [Fact]
    public async Task AHomeThatIsNotThere_GetsNoKernel()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("HOME is not what Windows goes by."); }
        string deepfm = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        (int code, string error) = await Shell($"unset XDG_DATA_HOME JUPYTER_DATA_DIR; HOME=$PWD/train.csv/home {deepfm} jupyter install");
        Assert.Equal(2, code);
        Assert.Contains("train.csv is a file, so no folder can be made below it.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace[".local"]));
    }

    [Fact]
    public void ThreadsFarAboveTheCores_AreWarnedOf()
    {
        int threads = Math.Min(1024, 4 * Environment.ProcessorCount + 1);
        string far = $"--threads {threads.ToString(CultureInfo.InvariantCulture)} is far above the {Environment.ProcessorCount} cores that there are";
        Assert.StartsWith(far, workspace.Run($"describe --schema @schema.json --data @train.csv --threads {threads}").Error, StringComparison.Ordinal);
        Assert.Equal("", workspace.Run($"describe --schema @schema.json --data @train.csv --threads {4 * Environment.ProcessorCount}").Error);
    }

    async Task<(int Code, string LastLine)> HangUp(string prefix, bool thenTerminate = false)
    {
        string deepfm = $"{prefix}dotnet '{Path.Combine(AppContext.BaseDirectory, "deepfm.dll")}'";
        using Process process = Start($"exec {deepfm} {Long} > out");
        string? line;
        do { line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken); }
        while (line is not null && !line.Contains("epoch 1 of 100000", StringComparison.Ordinal));
        Assert.NotNull(line);
        await Signal(process, "HUP");
        if (thenTerminate)
        {
            // It goes on: more epochs come after the signal.
            for (int more = 0; more < 200; more++) { Assert.NotNull(line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)); }
            await Signal(process, "TERM");
        }
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error.TrimEnd().Split('\n')[^1]);
    }

    async Task Signal(Process process, string name)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", $"{process.Id}"]) { WorkingDirectory = workspace.Folder })!;
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    async Task<(int Code, string Error)> Shell(string script)
    {
        using Process process = Start(script);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    Process Start(string script) => Process.Start(new ProcessStartInfo("bash", ["-c", script])
    {
        WorkingDirectory = workspace.Folder,
        RedirectStandardError = true,
    })!;

    static int Run(TextWriter output, TextWriter error, params string[] args) => CommandLine.RunAsync(args,
        new() { Output = output, Error = error, ProcessTerminationTimeout = null }).GetAwaiter().GetResult();

    sealed class Full : StringWriter
    {
        public int Tries { get; private set; }

        public override void Write(char value) => Refuse();

        public override void Write(char[] buffer, int index, int count) => Refuse();

        public override void Write(string? value) => Refuse();

        public override void WriteLine(string? value) => Refuse();

        void Refuse()
        {
            Tries++;
            throw new IOException("No space left on device");
        }
    }
}
