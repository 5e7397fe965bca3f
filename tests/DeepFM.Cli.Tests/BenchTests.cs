using System.Text.Json;

namespace DeepFM.Cli.Tests;

/// <summary>The bench command at sizes that take a blink: what it prints and refuses, never how fast it is.</summary>
public sealed class BenchTests : IDisposable
{
    const string Quick = "--runs 2 --seconds 0 --threads 2";
    const string Small = "--batch 7 --vocabulary 50 --fields 3 --embedding 2 --set hiddenWidths=5,3 --threads 2 "
        + "--steps 3 --seconds 0";

    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    public static TheoryData<string> Commands => ["peak", "gemm", "step", "score", "auc", "read", "kernel"];

    [Fact]
    public void Peak_GivesBothBounds() => AssertFigures(Json($"peak --megabytes 1 {Quick}"),
        "oneThreadGflops", "allThreadsGflops", "oneThreadReadGigabytesPerSecond", "allThreadsReadGigabytesPerSecond");

    [Fact]
    public void Gemm_GivesTheThreeProducts_OnOneThreadAndOnAll()
    {
        JsonElement report = Json($"gemm --m 203 --k 11 --n 13 {Quick}");

        AssertPositive(report, "speedup");
        foreach (string threads in new[] { "oneThread", "allThreads" })
        {
            JsonElement products = report.GetProperty(threads);
            AssertFigures(products, "peakGflops", "forwardGflops", "inputGradientGflops", "weightGradientGflops", "allGflops");
            AssertPositive(products, "shareOfPeak");
        }
        Assert.Equal(1, report.GetProperty("oneThread").GetProperty("threads").GetInt32());
        Assert.Equal(2, report.GetProperty("allThreads").GetProperty("threads").GetInt32());
    }

    [Fact]
    public void Step_GivesRatePhasesAndShareOfTheBound()
    {
        JsonElement report = Json($"step {Small}");

        AssertPositive(report, "samplesPerSecond", "shareOfBound", "medianMilliseconds", "minMilliseconds", "maxMilliseconds",
            "meanMilliseconds", "tableBytes", "dataBytes");
        AssertFigures(report, "peakGflops");
        Assert.True(report.GetProperty("allocatedBytesPerStep").GetDouble() >= 0);
        JsonElement phases = report.GetProperty("phases");
        Assert.Equal(["packing", "tiles", "weightGradients", "embeddingUpdate", "optimizer"],
            phases.EnumerateObject().Select(phase => phase.Name));
        Assert.Equal(report.GetProperty("meanMilliseconds").GetDouble(),
            phases.EnumerateObject().Sum(phase => phase.Value.GetDouble()), tolerance: 1e-6);
        // The network [6, 5, 3, 1]: three products of 6·5 + 5·3 + 3·1 multiply-adds.
        Assert.Equal(3 * 2 * 48, report.GetProperty("flopsPerSample").GetInt32());
        Assert.Equal(3, report.GetProperty("steps").GetInt32());
        Assert.Equal(7, report.GetProperty("settings").GetProperty("training").GetProperty("batchSize").GetInt32());
    }

    [Fact]
    public void Step_TakesTheModelsOptimizerUnlessTold()
    {
        string OptimizerOf(string options) => Json($"step {Small} {options}")
            .GetProperty("settings").GetProperty("training").GetProperty("optimizer").GetString()!;

        Assert.Equal("ftrl", OptimizerOf("--model lr"));
        Assert.Equal("adagrad", OptimizerOf("--model lr --optimizer adagrad"));
    }

    [Fact]
    public void Step_OfAModelWithoutANetwork_HasNoBound()
    {
        JsonElement report = Json($"step --model fm {Small}");
        AssertPositive(report, "samplesPerSecond");
        Assert.False(report.TryGetProperty("shareOfBound", out _));
    }

    [Fact]
    public void Score_GivesTheRate() => AssertPositive(Json($"score --model ipnn {Small}"),
        "samplesPerSecond", "medianMilliseconds", "minMilliseconds", "maxMilliseconds", "tableBytes");

    [Fact]
    public void Auc_GivesTheRate()
    {
        JsonElement report = Json("auc --rows 5000 --runs 2 --seconds 0");
        AssertPositive(report, "rowsPerSecond", "medianMilliseconds", "minMilliseconds", "maxMilliseconds");
        Assert.Equal(0.875, report.GetProperty("auc").GetDouble(), tolerance: 0.02);
    }

    [Fact]
    public void Read_EncodesGeneratedRows()
    {
        JsonElement report = Json("read --rows 2000 --runs 1 --threads 2");

        AssertFigures(report, "rowsPerSecond", "countPassSeconds", "encodePassSeconds");
        AssertPositive(report, "featureCount", "fileBytes", "countTableBytes", "residentBytes");
        Assert.True(report.GetProperty("residentGrowthBytes").GetInt64() >= 0);
    }

    [Fact]
    public void Kernel_StartsKernels_AndRunsCells()
    {
        JsonElement report = Json("kernel --runs 1 --cells 2");

        foreach (string figure in new[] { "readySeconds", "firstResultSeconds", "cellMilliseconds" })
        {
            AssertPositive(report.GetProperty(figure), "median", "min", "max");
        }
        Assert.Equal((1, 2), (report.GetProperty("starts").GetInt32(), report.GetProperty("cells").GetInt32()));
    }

    [Theory, MemberData(nameof(Commands))]
    public void Help_ListsExamples(string command)
    {
        Outcome outcome = workspace.Run($"bench {command} --help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains($"Examples:{Environment.NewLine}  deepfm bench {command}", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ListsTheMeasurements_AndTheVariableThatForcesAWidth()
    {
        string help = workspace.Run("bench --help").Output;
        Assert.All([.. Commands.Select(command => $"  {command.Data} "), "DEEPFM_SIMD"],
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Table_IsForReaders()
    {
        Outcome outcome = workspace.Run($"bench step {Small}");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("step of deepfm, 2 threads, 3 batches of 7, 50 ids, 3 fields\n",
            outcome.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(["samples/s", "share of bound", "embedding update"],
            word => Assert.Contains(word, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bench", "A command is missing. There are: peak, gemm, step, score, auc, read, kernel.\nSee deepfm bench --help.")]
    [InlineData("bench stop", "There is no command 'stop'; did you mean 'step'? There are: peak, gemm, step, score, auc, read, kernel.")]
    [InlineData("bench gemm --m 0", "--m 0 is not allowed: it must be a whole number in [1, 1048576].\nSee deepfm bench gemm --help.")]
    [InlineData("bench peak --seconds fast", "--seconds fast is not allowed: it must be a number in [0, 3600].")]
    [InlineData("bench step --threads 0", "--threads 0 is not allowed: it must be a whole number in [1, 1024].")]
    [InlineData("bench step --batch 0", "--batch 0 is not allowed: it must be a whole number in [1, 1048576].")]
    [InlineData("bench step --model deepfn", "There is no model 'deepfn'; did you mean 'deepfm'?")]
    [InlineData("bench step --optimizer adams", "There is no optimizer 'adams'; did you mean 'adam'?")]
    [InlineData("bench step --steps 0", "--steps 0 is not allowed: it must be a whole number in [1, 1000000000].")]
    [InlineData("bench score --vocabulary 38", "A vocabulary of 38 is too small for 39 fields: each needs an id of its own.")]
    [InlineData("bench auc --rows 1", "--rows 1 is not allowed: it must be a whole number in [2, 1073741824].")]
    public void WrongUse(string line, string message)
    {
        Outcome outcome = workspace.Run(line);
        Assert.StartsWith(message, outcome.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
    }

    JsonElement Json(string line)
    {
        Outcome outcome = workspace.Run($"bench {line} --json");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        JsonElement report = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(line.Split(' ')[0], report.GetProperty("benchmark").GetString());
        AssertPositive(report, "residentBytes", "registerBits");
        AssertPositive(report.GetProperty("machine"), "cores", "memoryBytes");
        return report;
    }

    static void AssertFigures(JsonElement report, params string[] names) => Assert.All(names, name =>
    {
        JsonElement figure = report.GetProperty(name);
        AssertPositive(figure, "median", "min", "max");
        double Number(string part) => figure.GetProperty(part).GetDouble();
        Assert.InRange(Number("median"), Number("min"), Number("max"));
    });

    static void AssertPositive(JsonElement report, params string[] names) => Assert.All(names, name =>
        Assert.InRange(report.GetProperty(name).GetDouble(), double.Epsilon, double.MaxValue));
}
