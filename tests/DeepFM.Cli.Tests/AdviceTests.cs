namespace DeepFM.Cli.Tests;

/// <summary>Typical slips at the command line: each message leads to the way out.</summary>
public sealed class AdviceTests : IDisposable
{
    const string Train = "train --schema @schema.json --train @train.csv --out @run --model lr";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    /// <summary>A word like an option is never taken for a file or another value.</summary>
    [Theory]
    [InlineData("train --schema @schema.json --train @train.csv --from-model x --out @run", "There is no option '--from-model'. There are: --schema, --train, ")]
    [InlineData("train --schema @schema.json --train --modle fm --out @run", "There is no option '--modle'; did you mean '--model'? ")]
    [InlineData("train --schema @schema.json --train @train.csv --out --forse", "There is no option '--forse'; did you mean '--force'? ")]
    [InlineData(Train + " --set epochs=1 --thread 2", "There is no option '--thread'; did you mean '--threads'? ")]
    [InlineData("predict --model-dir @run/model --data @test.csv -o @scores.csv", "There is no option '-o'")]
    [InlineData(Train + " --epochs 5", "There is no option '--epochs'; it is a setting: --set epochs=…")]
    [InlineData(Train + " --lr 0.01", "There is no option '--lr'; it is a setting: --set learningRate=…")]
    [InlineData("compare --schema @schema.json --train @train.csv --batch-size 64 --out @run", "There is no option '--batch-size'; it is a setting: --set batchSize=…")]
    public void UnknownOptions(string line, string message)
    {
        Outcome outcome = workspace.Run(line);
        Assert.StartsWith(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.False(Directory.Exists(workspace["run"]));
    }

    [Fact]
    public void AFileWhoseNameBeginsWithAHyphen_IsNamedByItsPath()
    {
        File.Copy(workspace["train.csv"], workspace["-train.csv"]);
        Outcome outcome = workspace.Run("describe --schema @schema.json --data @-train.csv");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
    }

    [Theory]
    [InlineData("dropout=0.5", "There is no option 'dropout'; here it is called dropRate.")]
    [InlineData("keep_prob=0.5", "There is no option 'keep_prob'; here it is called dropRate, which is 1 less the share that is kept.")]
    [InlineData("lr=0.5", "There is no option 'lr'; here it is called learningRate.")]
    [InlineData("batch_size=64", "There is no option 'batch_size'; here it is called batchSize.")]
    [InlineData("hidden_units=400,400", "There is no option 'hidden_units'; here it is called hiddenWidths.")]
    [InlineData("dnn_hidden_units=400,400", "There is no option 'dnn_hidden_units'; here it is called hiddenWidths.")]
    [InlineData("l2=0.1", "There is no option 'l2'; here it is called embeddingL2, linearL2 or networkL2.")]
    [InlineData("embedding_dim=8", "There is no option 'embedding_dim'; here it is called embeddingSize.")]
    [InlineData("fm.epoch=5", "There is no option 'epoch'; here it is called epochs.")]
    [InlineData("pretraining.lr=5", "There is no option 'pretraining.lr'; here it is called learningRate.")]
    [InlineData("weight-decay=1e-5", "There is no option 'weight-decay'; here it is called embeddingL2, linearL2 or networkL2.")]
    [InlineData("LearningRate=0.1", "There is no option 'LearningRate'; here it is called learningRate.")]
    public void SettingsAsOtherKitsCallThem(string assignment, string message)
    {
        Outcome outcome = workspace.Run($"{Train} --set {assignment}");
        Assert.Equal((2, message), (outcome.Code, outcome.Error.TrimEnd()));
    }

    [Theory, InlineData("@*.csv"), InlineData("@trai?.csv")]
    public void PatternsInQuotes(string pattern)
    {
        Outcome outcome = workspace.Run($"train --schema @schema.json --train {pattern} --out @run");
        Assert.Equal((2, $"--train {workspace[pattern[1..]]}: there is no such file. The shell makes file names of a pattern: write it without quotes, "
            + "and check that it matches a file."), (outcome.Code, outcome.Error.TrimEnd()));
    }

    [Fact]
    public void AucOfOneTestRow_WhenGeneratedRowsAreDescribed()
    {
        Outcome outcome = workspace.Run("generate app-store --rows 1000 --test-rows 1 --describe --json");
        Assert.Equal((2, "AUC needs rows of both classes, but day 8 has 1 row of one class. Ask for more test rows (--test-rows).", ""),
            (outcome.Code, outcome.Error.TrimEnd(), outcome.Output));
    }

    [Fact]
    public void WhatDataHold_IsShownWithoutActingOnTheTerminal_AndCut()
    {
        string huge = new('k', 300_000);
        workspace.Write("train.csv", $"click,user,item,price\n1,\u001b[31mred,a\0b,1\n0,\u202eevil,{huge},2\n1,\u009b2J,\"a\tb\",3\n");
        workspace.Write("schema.json", """
            { "name": "s", "source": { "format": "csv", "header": true }, "label": { "column": "click", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "columns": ["user", "item"], "minCount": 1 } ] }
            """);
        Outcome table = workspace.Run("describe --schema @schema.json --data @train.csv");

        Assert.Equal((0, ""), (table.Code, table.Error));
        Assert.DoesNotContain(table.Output, c => char.IsControl(c) && c is not ('\n' or '\r'));
        Assert.All([@"\x1b[31mred", @"a\0b", @"\u202eevil", @"\x9b2J", @"a\tb", "kkk… (1)"],
            shown => Assert.Contains(shown, table.Output, StringComparison.Ordinal));
        Assert.All(table.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 300));

        workspace.Write("bad.csv", $"click,user,item,price\n\u001b]0;title\u0007{huge},a,b,1\n");
        Outcome message = workspace.Run("describe --schema @schema.json --data @bad.csv");
        Assert.Equal(2, message.Code);
        Assert.Contains(@"'\x1b]0;title\x07kkk", message.Error, StringComparison.Ordinal);
        Assert.InRange(message.Error.Length, 0, 600);
    }

    [Fact]
    public void NamesOfFiles_DoNotActOnTheTerminalEither()
    {
        Outcome outcome = workspace.Run("describe --schema @schema.json --data @\u001b[2Jgone.csv");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(@"\x1b[2Jgone.csv", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Error);
    }

    [Fact]
    public void OneIsOne()
    {
        workspace.Write("one.csv", "click,user,item,price\n1,u1,i1,1\n");
        Assert.StartsWith("1 row, 100.00 % positive, ", workspace.Run("describe --schema @schema.json --data @one.csv").Output, StringComparison.Ordinal);
        Assert.Contains("compared with 1 row\n", workspace.Run("describe --schema @schema.json --data @train.csv --against @one.csv").Output
            .ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyBags_AreMissing()
    {
        workspace.Write("bags.csv", "click,tags\n1,a|b\n0,\n1,|\n0,a\n");
        workspace.Write("bags.json", """
            { "name": "s", "source": { "format": "csv", "header": true }, "label": { "column": "click", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "multiValued", "column": "tags", "separator": "|", "minCount": 2 } ] }
            """);
        Outcome outcome = workspace.Run("describe --schema @bags.json --data @bags.csv");
        Assert.Contains("tags   multiValued  2    2         50.00 %  33.33 %", outcome.Output, StringComparison.Ordinal);
    }
}
