using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;
using DeepFM.Training;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeepFM.Notebooks.Tests.Display;

public sealed class KitViewTests(HostFixture host) : IClassFixture<HostFixture>
{
    public static TheoryData<string> Models => [.. ModelCatalog.Names];

    [Theory, MemberData(nameof(Models))]
    public void AModel_IsDrawn_WithEveryPartInside(string name)
    {
        CatalogModel model = ModelCatalog.Get(name);
        ModelDefinition definition = model.Create(model.Options).Build(9);
        XElement svg = XElement.Parse(ModelDrawing.ToSvg(definition, model.DisplayName, []));
        double width = (double)svg.Attribute("width")!, height = (double)svg.Attribute("height")!;

        Assert.Equal(model.DisplayName, svg.Descendants().First(element => element.Name.LocalName == "title").Value);
        XElement[] boxes = [.. svg.Elements().Where(element => element.Name.LocalName == "rect" && element.Attribute("x") is not null)];
        Assert.Equal(6 + definition.Nodes.Count + 2, boxes.Length);             // fields with an ellipsis, nodes, sum and sigmoid
        Assert.All(boxes, box =>
        {
            Assert.InRange((double)box.Attribute("x")!, 0, width - (double)box.Attribute("width")!);
            Assert.InRange((double)box.Attribute("y")!, 0, height - (double)box.Attribute("height")!);
        });
        (double X, double Y)[] places = [.. boxes.Select(box => ((double)box.Attribute("x")!, (double)box.Attribute("y")!))];
        Assert.Equal(places.Length, places.Distinct().Count());
    }

    [Fact]
    public void AModel_ShowsItsParameters()
    {
        NotebookExtensions.Register();
        DeepFmModel model = new(new() { EmbeddingSize = 5, HiddenWidths = [8] });
        string text = model.ToDisplayString("text/plain"), html = model.ToDisplayString("text/html");

        Assert.StartsWith("DeepFmModel: logit = ⟨w, x⟩ + Σ ⟨eᵢ, eⱼ⟩ + deep(8)", text, StringComparison.Ordinal);
        Assert.Matches(@"embedding +N × 5 +per data", text);
        Assert.Matches(@"dense1\.weight +20 × 8 +160", text);
        string svg = Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Match(html, "base64,([^\"]+)").Groups[1].Value));
        Assert.Contains("hidden layer, 8", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ADescription_IsATable()
    {
        DataDescription data = new(1000, 0.25, 42, 0, [new("city", "categorical", 12, 11, 0.1, 0.05, null, [new("Oslo", 400)])]);
        View view = DataViews.Of(data);
        Assert.StartsWith("1,000 rows, 25.00 % positive, 1 field, 42 features (D)", view.Text, StringComparison.Ordinal);
        Assert.Contains("Oslo (400)", view.Html(), StringComparison.Ordinal);
    }

    /// <summary>Values are what somebody wrote into a file.</summary>
    [Fact]
    public void ValuesOfADescription_MoveNoCursor_AndFillNoScreen()
    {
        DataDescription data = new(1000, 0.25, 42, 0,
            [new("c\u001b[2J", "multiValued", 12, 11, 0.1, 0.05, null,
                [new("a\0\u001b[31m\u202e", 400), new(new('x', 5_000_000), 3)], PairsWithin: true)])
        {
            Notices = ["Doubtful."],
        };
        View view = DataViews.Of(data);
        Assert.Contains(@"a\0\x1b[31m\u202e (400)", view.Text, StringComparison.Ordinal);
        Assert.Contains("multiValued, pairsWithin", view.Text, StringComparison.Ordinal);
        Assert.EndsWith("Note: Doubtful.", view.Text, StringComparison.Ordinal);
        Assert.All([view.Text, view.Html()], shown => Assert.True(shown.Length < 3000 && !shown.AsSpan().ContainsAny("\0\u001b\u202e")));
    }

    [Fact]
    public void AHistory_IsACurve_AndItsEpochs()
    {
        View view = RunViews.Of(new TrainingHistory
        {
            Epochs = [Epoch(1, 0.6), Epoch(2, 0.5)],
            BestEpoch = 2,
            Outcome = "Epoch 2 was kept.",
            Rows = 100,
        });
        Assert.Matches(@"2 +0\.5000 +0\.600000 +0\.700000", view.Text);
        Assert.Contains("data:image/svg+xml", view.Html(), StringComparison.Ordinal);
        Assert.EndsWith("Epoch 2 was kept.", view.Text, StringComparison.Ordinal);
        Assert.Equal(2, view.Html().Split("Epoch 2 was kept.").Length);     // once
    }

    [Fact]
    public void WhatIsDoubtful_IsBelowTheFigures()
    {
        View view = View.Notices(["Few of <1>.", "And so on."]);
        Assert.Equal("Note: Few of <1>.\nNote: And so on.", view.Text);
        Assert.Equal("<p><b>Note: Few of &lt;1&gt;.</b></p><p><b>Note: And so on.</b></p>", view.Html());
        Assert.Equal(("", ""), (View.Notices([]).Text, View.Notices([]).Html()));

        View run = RunViews.Of(new RunReport
        {
            DisplayName = "LR",
            Settings = RunSettings.Default("lr"),
            Seed = 1,
            Threads = 1,
            Data = new("0123456789ab", "given files", 1, 2, new(100, 0.5), null, null),
            ParameterCount = 3,
            Training = new() { Epochs = [Epoch(1, 0.6)], BestEpoch = 1, Outcome = "Epoch 1 was kept.", Rows = 100 },
            Machine = MachineReport.Current,
            Date = DateTime.UtcNow,
            Notices = ["Few rows."],
        });
        Assert.EndsWith("Note: Few rows.", run.Text, StringComparison.Ordinal);
        Assert.Contains("Note: Few rows.", run.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTrainingDisplay_UpdatesOneDisplay_NotTooOften_AndStopsWhenInterrupted()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("""
            #r "DeepFM.Core"
            using DeepFM.Notebooks;
            using DeepFM.Training;
            var show = new TrainingDisplay("DeepFM");
            for (int i = 0; i < 1000; i++) show.Report(new TrainingProgress(TrainingPhase.Training, 1, 2, i, 1000, 0.5, 12345, 7));
            show.Report(new TrainingProgress(TrainingPhase.Training, 1, 2, 1000, 1000, 0.4, 12345, 0,
                new EpochReport { Epoch = 1, TrainLoss = 0.4, LearningRate = 1, TrainSeconds = 1, EvaluationSeconds = 0 }));
            """, output);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        (MimeBundle first, string? id) = Assert.Single(output.Displays);
        Assert.Contains("12,345 samples/s, loss 0.5000, 7 s left", first.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Contains("<progress max=\"1\" value=\"0\"", first.Data["text/html"].ToString(), StringComparison.Ordinal);
        Assert.InRange(output.Updates.Count, 1, 50);
        Assert.All(output.Updates, update => Assert.Equal(id, update.Id));
        Assert.Contains("epoch 1: training loss 0.4000", output.Updates[^1].Bundle.Data["text/plain"].ToString(), StringComparison.Ordinal);

        RecordedOutput second = new();
        Assert.Equal("Interrupted", (await host.InterruptAsync("""
            var live = new TrainingDisplay("DeepFM");
            Action<int> report = i => live.Report(new TrainingProgress(TrainingPhase.Training, 1, 2, i, 1000, 0.5, 1, 7));
            report(10);
            Console.Write("on");
            await Task.Delay(-1, Cell.Cancellation).ContinueWith(_ => { });
            report(11);
            """, second)).ErrorName);
        Assert.Contains("7 s left", Assert.Single(second.Displays).Bundle.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.EndsWith("loss 0.5000; stopped", Assert.Single(second.Updates).Bundle.Data["text/plain"].ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrainingThatEndedEarly_IsNotStoppedLater()
    {
        RecordedOutput output = new();
        Assert.Equal("Interrupted", (await host.InterruptAsync("""
            #r "DeepFM.Core"
            using DeepFM.Notebooks;
            using DeepFM.Training;
            var ended = new TrainingDisplay("DeepFM");
            ended.Report(new(TrainingPhase.Training, 1, 9, 1000, 1000, 0.4, 12345, 0,
                new EpochReport { Epoch = 1, TrainLoss = 0.4, LearningRate = 1, TrainSeconds = 1, EvaluationSeconds = 0 }, IsLast: true));
            Console.Write("on");
            await Task.Delay(-1, Cell.Cancellation);
            """, output)).ErrorName);
        Assert.Single(output.Displays);
        Assert.Empty(output.Updates);
    }

    static EpochReport Epoch(int epoch, double loss) => new()
    {
        Epoch = epoch,
        TrainLoss = loss,
        LearningRate = 0.1f,
        TrainSeconds = 1,
        EvaluationSeconds = 0.1,
        Valid = new() { Rows = 10, ClickRate = 0.5, LogLoss = 0.6, Auc = 0.7, Calibration = 1, RelativeInformationGain = 0.1 },
    };
}
