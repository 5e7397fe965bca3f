using System.Text.Json;

namespace DeepFM.Cli.Tests;

/// <summary>The generate command: what it writes, says and refuses.</summary>
public sealed class GenerateTests : IDisposable
{
    const string Store = "generate app-store --rows 700 --users 100 --apps 100 --out @store";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Store_WritesFilesThatTrainReads_AndSaysHowFastAndWhatIsReachable()
    {
        Outcome outcome = workspace.Run(Store);

        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(["schema.json", "test.csv", "train.csv"],
            Directory.GetFiles(workspace["store"]).Select(path => Path.GetFileName(path)).Order());
        Assert.Equal((701, 101), (Lines("store/train.csv"), Lines("store/test.csv")));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Matches(@"^800 rows, 0\.1 MB, in \d+\.\d s: [\d,]+ rows/s$", lines[0]);
        Assert.Matches(@"^best reachable on test\.csv: AUC 0\.\d{4}, log loss 0\.\d{4}$", lines[1]);
        Assert.StartsWith($"Written: {workspace["store/train.csv"]}, ", lines[2], StringComparison.Ordinal);

        Assert.Equal(0, workspace.Run("train --schema @store/schema.json --train @store/train.csv --split time:0.85,0.15 "
            + $"--test @store/test.csv --set {Workspace.SmallModel} --out @run").Code);
    }

    [Fact]
    public void SameOptions_SameBytes_ForAnyNumberOfThreads()
    {
        workspace.Run(Store + " --threads 1");
        byte[] one = File.ReadAllBytes(workspace["store/train.csv"]);
        Assert.Equal(0, workspace.Run(Store + " --threads 3 --force").Code);
        Assert.Equal(one, File.ReadAllBytes(workspace["store/train.csv"]));
        Assert.Equal(0, workspace.Run(Store + " --seed 2 --force").Code);
        Assert.NotEqual(one, File.ReadAllBytes(workspace["store/train.csv"]));
    }

    [Fact]
    public void Json_HoldsTheFigures()
    {
        JsonElement store = JsonDocument.Parse(workspace.Run(Store + " --test-rows 500 --json").Output).RootElement;
        Assert.Equal(1_200, store.GetProperty("rows").GetInt64());
        Assert.Equal(new FileInfo(workspace["store/train.csv"]).Length + new FileInfo(workspace["store/test.csv"]).Length,
            store.GetProperty("bytes").GetInt64());
        Assert.InRange(store.GetProperty("bestReachable").GetProperty("auc").GetDouble(), 0.5, 1);

        JsonElement criteo = JsonDocument.Parse(workspace.Run("generate criteo --rows 30 --out @c.tsv --json").Output).RootElement;
        Assert.Equal((30, workspace["c.tsv"]), (criteo.GetProperty("rows").GetInt64(), criteo.GetProperty("files")[0].GetString()));
    }

    [Fact]
    public void Describe_GivesTheShareOfEachOrder_AndWritesNothing()
    {
        Outcome outcome = workspace.Run("generate app-store --describe --rows 7000 --users 100 --apps 100");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.All(["part of the logit", "order 1 ", "order 3 ", "noise", "taste", "user × app", "time of day and category"],
            word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));

        JsonElement json = JsonDocument.Parse(workspace.Run("generate app-store --describe --rows 7000 --json").Output).RootElement;
        Assert.Equal(1, json.GetProperty("effects").EnumerateArray().Sum(effect => effect.GetProperty("share").GetDouble()), 1e-9);
    }

    [Fact]
    public void Criteo_WritesRowsThatTrainReads_MoreOfThemBeginWithTheSame()
    {
        Assert.Equal(0, workspace.Run("generate criteo --rows 500 --out @few.tsv").Code);
        Outcome outcome = workspace.Run("generate criteo --rows 900 --out @many.tsv");

        Assert.Matches(@"^900 rows, 0\.2 MB, in ", outcome.Output);
        Assert.Equal(File.ReadLines(workspace["few.tsv"]), File.ReadLines(workspace["many.tsv"]).Take(500));
        workspace.Write("criteo.json", """
            { "name": "criteo", "source": { "format": "criteo" }, "label": { "column": "label", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "logSquared", "columns": "I1..I13" }, { "kind": "categorical", "columns": "C1..C26" } ] }
            """);
        Assert.Equal(0, workspace.Run("train --schema @criteo.json --train @many.tsv --split random:0.8,0.2 "
            + $"--set {Workspace.SmallModel} --out @run").Code);
    }

    [Fact]
    public void FilesThatAreThere_AreReplacedOnlyByForce()
    {
        Directory.CreateDirectory(workspace["store"]);
        workspace.Write("store/test.csv", "mine");
        workspace.Write("c.tsv", "mine");

        const string message = "the file is there already. Choose another place, or give --force to replace it.";
        Refused(Store, "--out {0}/store/test.csv: " + message);
        Refused("generate criteo --rows 9 --out @c.tsv", "--out {0}/c.tsv: " + message);
        Assert.Equal(("mine", "mine"), (File.ReadAllText(workspace["store/test.csv"]), File.ReadAllText(workspace["c.tsv"])));
        Assert.Single(Directory.GetFiles(workspace["store"]));

        Assert.Equal(0, workspace.Run(Store + " --force").Code);
        Assert.Equal(101, Lines("store/test.csv"));
    }

    [Theory]
    [InlineData("generate", "A command is missing. There are: app-store, criteo.\nSee deepfm generate --help.")]
    [InlineData("generate appstore", "There is no command 'appstore'; did you mean 'app-store'? There are: app-store, criteo.")]
    [InlineData("generate app-store", "--out DIR is missing: it says where the files go; --describe does without.")]
    [InlineData("generate app-store --rows 6 --out @x", "--rows 6 is not allowed: it must be a whole number in [7, 1000000000000].")]
    [InlineData("generate app-store --users 5 --out @x", "--users 5 is not allowed: it must be a whole number in [100, 1000000000].")]
    [InlineData("generate app-store --apps many --out @x", "--apps many is not allowed: it must be a whole number in [100, 1000000].")]
    [InlineData("generate app-store --test-rows 0 --out @x", "--test-rows 0 is not allowed: it must be a whole number in [1, 1073741824].")]
    [InlineData("generate app-store --seed one --out @x", "The seed 'one' is not allowed: it must be a whole number in [0, ")]
    [InlineData("generate app-store --out @train.csv", "{0}/train.csv: {0}/train.csv is a file, so no folder can be made below it.")]
    [InlineData("generate app-store --out @train.csv/x", "{0}/train.csv/x: {0}/train.csv is a file, so no folder can be made below it.")]
    [InlineData("generate app-store --rows 1000000000000 --out @x", "{0}/x/train.csv: 1,000,000,000,000 rows need about ")]
    [InlineData("generate criteo --rows 0 --out @x", "--rows 0 is not allowed: it must be a whole number in [1, 1000000000000].")]
    [InlineData("generate criteo --rows 5", "Option '--out' is required.")]
    [InlineData("generate criteo --rows 5 --out @.", "--out {0}/.: this is a directory; name a file in it.")]
    [InlineData("generate criteo --rows 5 --out @train.csv/x", "{0}/train.csv: {0}/train.csv is a file")]
    [InlineData("generate criteo --rows 1000000000000 --out @x", "{0}/x: 1,000,000,000,000 rows need about ")]
    public void WrongUse(string line, string message)
    {
        Refused(line, message);
        Assert.False(File.Exists(workspace["x"]) || File.Exists(workspace["x/train.csv"]));
    }

    [Theory, InlineData("app-store"), InlineData("criteo")]
    public void Help_HasExamplesThatItCanParse(string name)
    {
        Outcome outcome = workspace.Run($"generate {name} --help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        string[] examples = [.. outcome.Output.Split('\n').Select(line => line.Trim()).SkipWhile(line => line != "Examples:")
            .Where(line => line.StartsWith("deepfm ", StringComparison.Ordinal))];
        Assert.True(examples.Length >= 2);

        // Understood as they stand: what is in the way is a file.
        Assert.All(examples.Where(example => example.Contains("--out", StringComparison.Ordinal)), example =>
        {
            string line = example["deepfm ".Length..].Replace("--out ", "--out @train.csv/", StringComparison.Ordinal);
            Assert.Contains("train.csv is a file, so no folder can be made below it", workspace.Run(line).Error, StringComparison.Ordinal);
        });
    }

    int Lines(string name) => File.ReadLines(workspace[name]).Count();

    void Refused(string line, string message)
    {
        Outcome outcome = workspace.Run(line);
        string expected = message.Replace("{0}", workspace.Folder, StringComparison.Ordinal);
        Assert.StartsWith(expected, outcome.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
    }
}
