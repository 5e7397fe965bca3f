using System.IO.Compression;
using System.Text;

namespace DeepFM.Cli.Tests;

/// <summary>Wrong use and wrong data: a message that says where and what, exit code 2, nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    const string Train = "train --schema @schema.json --train @train.csv --out @run --model lr";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("train", "Option '--schema' is required.")]
    [InlineData("trian", "There is no command 'trian'; did you mean 'train'? There are: reproduce, plan, train, evaluate, predict, "
        + "compare, settings, describe, generate, bench, notebook, jupyter.")]
    [InlineData(Train + " --modle fm", "There is no option '--modle'; did you mean '--model'? There are: --schema, --train, ")]
    [InlineData("compare --schema @schema.json --train @train.csv --out @run --seeds 1,x",
        "The seed 'x' is not allowed: it must be a whole number in [0, ")]
    [InlineData(Train + " --threads 0", "--threads 0 is not allowed: it must be a whole number in [1, 1024].")]
    [InlineData(Train + " --threads 1025", "--threads 1025 is not allowed: it must be a whole number in [1, 1024].")]
    [InlineData(Train + " --seed one", "The seed 'one' is not allowed: it must be a whole number in [0, 18446744073709551615].")]
    [InlineData(Train + " --preset bars", "There is no preset 'bars'")]
    [InlineData(Train + " --set embedingSize=4", "There is no option 'embedingSize'; did you mean 'embeddingSize'? There are: ")]
    [InlineData(Train + " --set dropRate=2", "dropRate=2 is not allowed: DropRate must be in [0, 0.99].")]
    [InlineData(Train + " --split halves", "The split 'halves' is not understood.")]
    [InlineData(Train + " --set groupField=usr --valid @valid.csv",
        "There is no field 'usr'; did you mean 'user'? There are: user, item, price.")]
    [InlineData(Train + " --set groupField=price --valid @valid.csv", "groupField=price is not allowed: ")]
    [InlineData("train --schema @schema.json --train @train.csv --out @run --model deepfn",
        "There is no model 'deepfn'; did you mean 'deepfm'? There are: lr, fm, ")]
    [InlineData("train --schema @schema.json --train @train.csv --out @schema.json", "{0}/schema.json is a file; a run needs a directory.")]
    [InlineData("train --schema @schem.json --train @train.csv --out @run", "--schema {0}/schem.json: there is no such file.")]
    [InlineData("train --schema @schema.json --train @trian.csv --out @run", "--train {0}/trian.csv: there is no such file.")]
    [InlineData("train --schema @schema.json --train @. --out @run", "--train {0}/.: this is a directory; name the files in it.")]
    [InlineData("evaluate --model-dir @run/model --data @test.csv", "{0}/run/model: there is no such directory.")]
    [InlineData("train --schema @schema.json --train @train.csv --out @valid.csv/run",
        "{0}/valid.csv/run: {0}/valid.csv is a file, so no folder can be made below it.")]
    [InlineData("compare --schema @schema.json --train @train.csv --valid @valid.csv --out @valid.csv/run",
        "{0}/valid.csv/run: {0}/valid.csv is a file")]
    [InlineData(Train + " --encoded @valid.csv/rows", "{0}/valid.csv/rows: {0}/valid.csv is a file")]
    public void WrongUse(string line, string message) => Refused(workspace.Run(line), message);

    [Theory]
    [InlineData("", "train.csv")]
    [InlineData("click,user,item,price\n", "train.csv")]
    [InlineData("click,user,item,price\n1,u1,i1\n", "train.csv, line 2")]
    [InlineData("click,user,item,price\n1,u1,i1,0.5,9\n", "train.csv, line 2")]
    [InlineData("click,user,item,price\n1,u1,i1,0.5\n0,u1,i1,cheap\n", "train.csv, line 3")]
    [InlineData("click,user,item,price\nmaybe,u1,i1,0.5\n", "train.csv, line 2")]
    [InlineData("click,usr,item,price\n1,u1,i1,0.5\n", "did you mean 'usr'?")]
    public void WrongRows(string text, string message)
    {
        workspace.Write("train.csv", text);
        Outcome outcome = workspace.Run(Train);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["run"]));
    }

    [Fact]
    public void TruncatedGzip()
    {
        using MemoryStream whole = new();
        using (GZipStream zip = new(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(Workspace.Rows(5000, 1)));
        }
        File.WriteAllBytes(workspace["train.csv.gz"], whole.ToArray()[..(int)(whole.Length / 2)]);

        Outcome outcome = workspace.Run("train --schema @schema.json --train @train.csv.gz --out @run --model lr");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("train.csv.gz", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["run"]));
    }

    [Fact]
    public void OneClassOfValidationRows()
    {
        workspace.Write("valid.csv", "click,user,item,price\n1,u1,i1,0.5\n1,u2,i1,0.5\n");
        Refused(workspace.Run(Train + " --valid @valid.csv --set monitor=auc"),
            "Early stopping watches AUC on validation rows. All 2 labels of these are 1. Give validation rows of both classes");
    }

    [Fact]
    public void OneClassOfTestRows_IsSaidInPlaceOfFigures()
    {
        workspace.Write("test.csv", "click,user,item,price\n0,u1,i1,0.5\n");
        Outcome outcome = workspace.Run(Train + " --test @test.csv --set epochs=1");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("test AUC                    not defined", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("The only label is 0;", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trian --schema x", "There is no command 'trian'; did you mean 'train'? There are: reproduce, plan, train, ")]
    [InlineData("trian --help", "There is no command 'trian'; did you mean 'train'?")]
    [InlineData("bench gem --json", "There is no command 'gem'; did you mean 'gemm'? There are: peak, gemm, ")]
    [InlineData("", "A command is missing. There are: reproduce, ")]
    [InlineData("--hlep", "There is no option '--hlep'; did you mean '--help'?")]
    [InlineData("reproduce --only figure7 --models fm --out @rp", "figure7: nothing to train with fm. Figures 7 to 11 are of fnn, ")]
    public void WrongCommands(string line, string message) => Refused(workspace.Run(line), message);

    [Theory, InlineData("train", ""), InlineData("compare", " --models lr --seeds 1"), InlineData("reproduce", " --models lr --only table2")]
    public void AFolderThatAnotherRunWritesTo(string command, string more)
    {
        string line = $"{command} --schema @schema.json --train @train.csv --valid @valid.csv --out @run{more}";
        using (new FolderLock(workspace["run"]))
        {
            Refused(workspace.Run(line), "{0}/run: another run is writing there. Wait until it has ended, or choose another --out.");
        }
        Assert.False(Directory.Exists(workspace["run"]));
    }

    /// <summary>The folder is looked at before hours of reading: here the rows could not even be read.</summary>
    [Theory]
    [InlineData("train --schema @schema.json --train @schema.json --out @run")]
    [InlineData("compare --schema @schema.json --train @schema.json --test @test.csv --models lr --seeds 1 --out @run")]
    [InlineData("reproduce --schema @schema.json --train @schema.json --test @test.csv --models lr --only table2 --out @run")]
    [InlineData("generate app-store --rows 100 --out @run")]
    public void AFolderThatAnotherRunWritesTo_IsRefusedBeforeAnythingIsRead(string line)
    {
        using (new FolderLock(workspace["run"]))
        {
            Refused(workspace.Run(line), "{0}/run: another run is writing there.");
        }
        Assert.False(Directory.Exists(workspace["run"]));
    }

    [Theory]
    [InlineData("predict --model-dir @nowhere --data @test.csv --out @new.csv")]
    [InlineData("generate criteo --rows 100 --out @new.csv")]
    public void AFileThatAnotherCommandWrites(string line)
    {
        using (FolderLock.OfFile(workspace["new.csv"]))
        {
            Refused(workspace.Run(line), "{0}/new.csv: another run is writing there.");
        }
        Assert.DoesNotContain(Directory.GetFiles(workspace.Folder), file => file.Contains("new.csv", StringComparison.Ordinal));
    }

    [Fact]
    public void ANumberThatTrainingCannotTake()
    {
        workspace.Write("train.csv", Workspace.Rows(50, 1) + "1,u1,i1,1e300\n");
        Outcome outcome = workspace.Run(Train);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("train.csv, line 52, column 'price': '1e300' is too large for float32.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("features.json")]
    [InlineData("weights.safetensors")]
    [InlineData("manifest.json")]
    public void ModelWithoutAFile(string name)
    {
        workspace.Train("run", "--model fm");
        File.Delete(workspace[$"run/model/{name}"]);
        Refused(workspace.Run("evaluate --model-dir @run/model --data @test.csv"),
            $"{{0}}/run/model: {name} missing. A model directory holds config.json, features.json, weights.safetensors and manifest.json;");
    }

    [Fact]
    public void OutputThatCannotBeWritten_IsSaidBeforeTheWork()
    {
        workspace.Train("run", "--model fm");
        Refused(workspace.Run("predict --model-dir @run/model --data @test.csv --out @test.csv/scores.csv"),
            "{0}/test.csv: {0}/test.csv is a file, so no folder can be made below it.");
        Assert.DoesNotContain(Directory.GetFiles(workspace.Folder), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void RunDirectoryInPlaceOfItsModel()
    {
        workspace.Train("run", "--model fm");
        Refused(workspace.Run("evaluate --model-dir @run --data @test.csv"),
            "{0}/run: config.json and features.json and weights.safetensors missing. A model directory holds config.json, "
            + "features.json, weights.safetensors and manifest.json; did you mean {0}/run/model?");
    }

    [Fact]
    public void ModelWithOtherSettings()
    {
        workspace.Train("run", "--model deepfm");
        Replace("run/model/config.json", "\"relu\"", "\"tanh\"");
        Refused(workspace.Run("predict --model-dir @run/model --data @test.csv --out @scores.csv"), "{0}/run/model/config.json has SHA-256 ");
        Assert.False(File.Exists(workspace["scores.csv"]));
    }

    [Fact]
    public void ModelWithAnotherFeatureMap()
    {
        workspace.Train("run", "--model fm");
        Replace("run/model/features.json", "u12", "u99");
        Outcome outcome = workspace.Run("evaluate --model-dir @run/model --data @test.csv");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("features.json has SHA-256", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "{")]
    [InlineData("config.json", "{ \"model\": \"deepfn\" }")]
    [InlineData("features.json", "{}")]
    [InlineData("weights.safetensors", "weights")]
    [InlineData("manifest.json", "null")]
    public void ModelWithADamagedFile(string name, string text)
    {
        workspace.Train("run", "--model fm");
        workspace.Write($"run/model/{name}", text);
        Outcome outcome = workspace.Run("evaluate --model-dir @run/model --data @test.csv");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(name, outcome.Error, StringComparison.Ordinal);
    }

    void Replace(string name, string old, string with)
    {
        string text = File.ReadAllText(workspace[name]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(workspace[name], text.Replace(old, with, StringComparison.Ordinal));
    }

    void Refused(Outcome outcome, string message)
    {
        Assert.StartsWith(message.Replace("{0}", workspace.Folder, StringComparison.Ordinal), outcome.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.False(File.Exists(workspace["run/report.json"]) && !Directory.Exists(workspace["run/model"]));
    }
}
