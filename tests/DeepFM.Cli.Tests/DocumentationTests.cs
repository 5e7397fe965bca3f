using System.Text.RegularExpressions;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>The commands in the documents are run, and the README's table is that of the committed reports.</summary>
public sealed partial class DocumentationTests : IDisposable
{
    const string TableFile = "notebooks/results/frappe/table.md";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void ReadmeCommands_Run()
    {
        string[] commands = Commands("README.md");
        string compare = Assert.Single(commands, command => command.StartsWith("compare ", StringComparison.Ordinal));
        Assert.Contains("--preset bars-frappe --seeds 1,2,3 --out runs/frappe", compare, StringComparison.Ordinal);

        // As it stands but for the time it takes: one seed, one epoch, a small network.
        Outcome outcome = Run(compare.Replace("--seeds 1,2,3", "--seeds 1", StringComparison.Ordinal));

        Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
        Assert.Equal(9, File.ReadLines(workspace["runs/frappe/table.csv"]).Count() - 1);
    }

    [Fact]
    public void ReadmesReproductions_PlanEverything()
    {
        string[] commands = [.. Commands("README.md").Where(command => command.StartsWith("reproduce", StringComparison.Ordinal))];
        Assert.Equal(["reproduce", "reproduce --profile standard --out runs/standard"], commands);
        Assert.All(commands, command =>
        {
            // Running it takes minutes.
            Outcome outcome = workspace.Run(Located($"plan{command["reproduce".Length..]}", dataFolder: ""));
            Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
            Assert.Contains("figure11", outcome.Output, StringComparison.Ordinal);
        });
    }

    [Theory, InlineData("frappe"), InlineData("adult"), InlineData("movielens"), InlineData("criteo")]
    public void DataCommands_Run(string set)
    {
        string[] commands = [.. Commands("data/README.md").Where(command =>
            (command.Contains($"schemas/{set}.json", StringComparison.Ordinal)
                || command.Contains($"runs/{set}/", StringComparison.Ordinal))
            && !IsOfGeneratedData(command) && HasItsFiles(command))];
        Assert.Contains(commands, command => command.StartsWith("train ", StringComparison.Ordinal));
        Assert.Contains(commands, command => command.StartsWith("evaluate ", StringComparison.Ordinal));
        Assert.Contains(commands, command => command.StartsWith("predict ", StringComparison.Ordinal));

        Assert.All(commands, command =>
        {
            Outcome outcome = Run(command);
            Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : $"deepfm {command}: {outcome.Error}"));
        });
    }

    [Fact]
    public void DataCommands_SayWhichFileIsMissing()
    {
        string[] commands = [.. Commands("data/README.md").Where(command =>
            !IsOfGeneratedData(command) && command.Contains("--schema ", StringComparison.Ordinal))];
        Assert.All(["adult", "movielens", "movielens-latest", "frappe", "criteo", "avazu"], set =>
            Assert.Contains(commands, command => command.Contains($"schemas/{set}.json", StringComparison.Ordinal)));

        // All options are understood: what is missing is the files.
        Assert.All(commands, command =>
        {
            Outcome outcome = workspace.Run(Located(command, workspace.Folder));
            Assert.Equal((2, ""), (outcome.Code, outcome.Output));
            Assert.Contains(": there is no such file.", outcome.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void GeneratedDataCommands_Run()
    {
        string[] commands = [.. Commands("data/README.md").Where(IsOfGeneratedData)];
        Assert.Equal(["generate app-store", "compare", "generate app-store", "generate criteo", "train"],
            commands.Select(command => string.Join(' ', command.Split(' ').TakeWhile(word => !word.StartsWith('-')))));

        // As they stand but for the time they take: few rows, one epoch, a small network.
        Assert.All(commands, command =>
        {
            string smaller = RowsRegex().Replace(command, "")
                + (command.StartsWith("generate ", StringComparison.Ordinal) ? " --rows 7000" : "");
            Outcome outcome = Run(smaller);
            Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : $"deepfm {command}: {outcome.Error}"));
        });
    }

    [Fact]
    public void ReadmeMeasurements_Run()
    {
        string[] commands = [.. Commands("README.md").Where(command => command.StartsWith("bench ", StringComparison.Ordinal))];
        Assert.Equal(["peak", "gemm", "step", "score", "auc", "read", "kernel"],
            commands.Select(command => command.Split(' ')[1]).Distinct());

        // As they stand but for the time they take.
        Assert.All(commands, command =>
        {
            Outcome outcome = workspace.Run(command + command.Split(' ')[1] switch
            {
                "step" or "score" => " --steps 1 --seconds 0 --batch 64 --set hiddenWidths=8",
                "auc" => " --rows 1000 --runs 1 --seconds 0",
                "read" => " --rows 1000 --runs 1",
                "kernel" => " --runs 1 --cells 1",
                "gemm" => " --m 100 --runs 1 --seconds 0",
                _ => " --megabytes 1 --runs 1 --seconds 0",
            });
            Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : $"deepfm {command}: {outcome.Error}"));
        });
    }

    [Fact]
    public void ReadmeTable_IsThatOfTheCommittedReports()
    {
        string path = Path.Combine(Documents.Root, TableFile);
        Assert.Equal(File.ReadAllText(path).Trim(), Documents.TableOf("README.md", TableFile));
    }

    [Fact]
    public void CommittedTable_IsThatOfItsReports()
    {
        string folder = Path.Combine(Documents.Root, Path.GetDirectoryName(TableFile)!);
        string[] models = ["lr", "fm", "fnn", "ipnn", "opnn", "pnn-star", "lr-dnn", "fm-dnn", "deepfm"];
        RunReport[] reports = [.. models.SelectMany(model => Enumerable.Range(1, 3).Select(seed =>
            RunReport.Read(Path.Combine(folder, "runs", $"{model}-seed{seed}", "report.json"))))];

        Assert.Equal(File.ReadAllText(Path.Combine(Documents.Root, TableFile)).Trim(), new ComparisonTable(reports).ToMarkdown().Trim());
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "table.csv")).Trim(), new ComparisonTable(reports).ToCsv().Trim());
    }

    [Fact]
    public void Adult_DeepFm_ReachesAnAucOfNinetyPercent()
    {
        string command = Assert.Single(Commands("data/README.md"), command =>
            command.StartsWith("train --schema data/schemas/adult.json", StringComparison.Ordinal));

        Outcome outcome = workspace.Run(Located(command, DataFolder()) + " --set epochs=4 hiddenWidths=100,50 batchSize=1024 --json");

        Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
        Assert.InRange(RunReport.Read(workspace["runs/adult/report.json"]).Test!.Auc!.Value, 0.90, 0.95);
    }

    Outcome Run(string command)
    {
        bool trains = command.StartsWith("train ", StringComparison.Ordinal) || command.StartsWith("compare ", StringComparison.Ordinal);
        string line = Located(command, IsOfGeneratedData(command) ? "" : DataFolder());
        return workspace.Run(trains ? $"{line} --set epochs=1 pretrainEpochs=1 hiddenWidths=8 embeddingSize=2"
            : line.StartsWith("predict ", StringComparison.Ordinal) ? $"{line} --force" : line);
    }

    // The command with the folders that it names in their places; what it writes goes to the workspace.
    static string Located(string command, string dataFolder) => command.Replace("$DEEPFM_DATA", dataFolder, StringComparison.Ordinal)
        .Replace("data/schemas", Path.Combine(Documents.Root, "data", "schemas"), StringComparison.Ordinal)
        .Replace("--out ", "--out @", StringComparison.Ordinal)
        .Replace("--encoded ", "--encoded @", StringComparison.Ordinal)
        .Replace("--model-dir ", "--model-dir @", StringComparison.Ordinal)
        .Replace(" generated/", " @generated/", StringComparison.Ordinal);

    static bool IsOfGeneratedData(string command) =>
        command.StartsWith("generate ", StringComparison.Ordinal) || command.Contains("generated/", StringComparison.Ordinal);

    static bool HasItsFiles(string command) => command.Split(' ').Where(word => word.StartsWith("$DEEPFM_DATA", StringComparison.Ordinal))
        .All(word => File.Exists(word.Replace("$DEEPFM_DATA", DataFolder(), StringComparison.Ordinal)));

    // The lines of the code blocks that call the command, without what stands before its first word.
    static string[] Commands(string document)
    {
        string text = File.ReadAllText(Path.Combine(Documents.Root, document)).Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. CommandRegex().Matches(text).Select(match => match.Groups["arguments"].Value.Trim())];
    }

    static string DataFolder()
    {
        string?[] folders =
        [
            Environment.GetEnvironmentVariable("DEEPFM_DATA"),
            Path.Combine(Documents.Root, "data"),
            Path.Combine(Documents.Root, "..", "shared", "data"),
        ];
        string? folder = folders.FirstOrDefault(folder => folder is not null && Directory.Exists(Path.Combine(folder, "frappe")));
        if (folder is null) { Assert.Skip("Needs the real data: set DEEPFM_DATA to the folder that has them (see data/README.md)."); }
        return Path.GetFullPath(folder);
    }

    [GeneratedRegex(@"^(dotnet build .*deepfm\.dll|deepfm) +(?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex CommandRegex();

    [GeneratedRegex(@" --rows \d+")]
    private static partial Regex RowsRegex();
}
