using DeepFM.Models;
using DeepFM.Research.Plans;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Plans;

public class ReproductionPlanTests
{
    public static TheoryData<string> Profiles => [.. Profile.Names];

    [Theory, MemberData(nameof(Profiles))]
    public void EveryProfile_HasSettingsForEveryModel(string profile)
    {
        ReproductionPlan plan = new(new() { Profile = Profile.Get(profile) });
        Assert.All(ModelCatalog.Names, model =>
        {
            RunSettings settings = plan.For(model), timing = plan.ForTiming(model);
            Assert.Equal(model, settings.Model);
            Assert.Equal(model == "lr" ? OptimizerKind.Ftrl : OptimizerKind.Adam, settings.Training.Optimizer);
            Assert.Equal(model == "ipnn" ? Activation.Tanh : Activation.Relu, settings.Options.Activation);
            Assert.True(settings.Training.Patience > 0);            // validation rows decide
            Assert.Equal(0, timing.Training.Patience);              // and here nothing does
            Assert.Equal([400, 400, 400], timing.Options.HiddenWidths);
        });
    }

    [Fact]
    public void FnnsFactorizationMachine_HasFmsSettings()
    {
        RunSettings fnn = Profile.Get("quick").For("fnn"), fm = Profile.Get("quick").For("fm");
        Assert.Equal((fm.Training.LearningRate, fm.Training.EmbeddingL2), (fnn.Pretraining!.LearningRate, fnn.Pretraining.EmbeddingL2));
        Assert.NotEqual(fm.Training.Epochs, fnn.Training.Epochs);
    }

    /// <summary>relu, the base's dropout, its width and its 3 layers are one run, however many figures show it.</summary>
    [Fact]
    public void ARunOfSeveralFigures_IsThereOnce()
    {
        ReproductionPlan plan = new(new() { Profile = Profile.Get("full") });
        PlannedRun shared = Assert.Single(plan.Experiments.Runs, run => run.Seed == 1 && run.Key == plan.For("deepfm").ToJson());
        Assert.Equal(["table2", "figure7", "figure8", "figure9", "figure10"], shared.Uses);
        Assert.All(plan.Experiments.Runs, run => Assert.Equal(run.Uses.Contains("table2"), run.KeepsScores));
        // 7 deep models: 16 places that differ, IPNN without the 3 of the shape; 6 models more in Table 2; 12 timed with one seed.
        Assert.Equal(5 * (7 * 16 - 3 + 6) + 12, plan.Experiments.Runs.Count);
        Assert.Equal(plan.Experiments.Runs.Count, plan.Experiments.Runs.Select(run => run.Name).Distinct().Count());
        Assert.Equal(plan.Experiments.Runs.Count, plan.Experiments.Runs.Select(run => run.Description).Distinct().Count());
        Assert.Equal("DeepFM, seed 1 (table2, figure7, figure8, figure9, figure10): relu, drop rate 0.5, layers 400-400-400",
            shared.Description);
        Assert.Equal("FM, seed 2 (table2)", plan.Experiments.Runs.Single(run => run is { Settings.Model: "fm", Seed: 2 }).Description);
    }

    [Fact]
    public void OnlyTimedRuns_AreAlone_ForAFixedNumberOfEpochs()
    {
        ReproductionPlan plan = new(new() { Profile = Profile.Get("standard") });
        PlannedRun[] alone = [.. plan.Experiments.Runs.Where(run => run.Alone)];
        Assert.Equal(["lr", "fnn", "lr-dnn", "fm-dnn", "ipnn", "opnn", "pnn-star", "deepfm", "dnn", "deepfm-ip", "deepfm-op",
            "deepfm-star"],
            alone.Select(run => run.Settings.Model));
        Assert.All(alone, run =>
        {
            Assert.Equal(["figure6"], run.Uses);
            Assert.Equal((run.Settings.Model == "lr" ? 30 : 3, 9, 0),
                (run.Settings.Training.Epochs, run.Settings.Training.PretrainEpochs, run.Settings.Training.Patience));
        });
    }

    [Fact]
    public void Joining_KeepsUsesAndSolitude()
    {
        RunSettings lr = RunSettings.Default("lr");
        ExperimentPlan plan = new([new(lr, 1, ["a"]), new(lr, 2, ["a"]), new(RunSettings.Default("lr"), 1, ["b"], Alone: true)]);
        Assert.Equal(2, plan.Runs.Count);
        Assert.Equal(["a", "b"], plan.Runs[0].Uses);
        Assert.Equal([true, false], plan.Runs.Select(run => run.Alone));
    }

    [Fact]
    public void Sweeps_HaveThePapersPlaces_AndScaleTheirWidths()
    {
        IReadOnlyList<Sweep> paper = Sweep.All(400), small = Sweep.All(64);
        RunSettings settings = RunSettings.Default("fnn");
        Assert.Equal([7, 8, 9, 10, 11], paper.Select(sweep => sweep.Number));
        Assert.Equal(["100", "200", "400", "800"], paper[2].Places);
        Assert.Equal(["16 (100)", "32 (200)", "64 (400)", "128 (800)"], small[2].Places);
        Assert.Equal([800, 800, 800], paper[2].At(settings, 3).Options.HiddenWidths);
        Assert.Equal(["1.0 (0.0)", "0.9 (0.1)", "0.8 (0.2)", "0.7 (0.3)", "0.6 (0.4)", "0.5 (0.5)"], paper[1].Places);
        Assert.Equal(0.5f, paper[1].At(settings, 5).Options.DropRate);
        Assert.Equal(7, paper[3].At(settings, 3).Options.HiddenWidths.Count);
        Assert.Equal(["constant 200-200-200", "increasing 100-200-300", "decreasing 300-200-100", "diamond 150-300-150"], paper[4].Places);
        Assert.Equal([24, 48, 24], small[4].At(settings, 3).Options.HiddenWidths);
        Assert.DoesNotContain("ipnn", paper[4].Models);
        Assert.All(paper, sweep => Assert.Equal(1, sweep.Places.Count(place => sweep.At(settings, sweep.Places.ToList().IndexOf(place))
            .ToJson()
            == (sweep.Number == 11 ? paper[2].At(settings, 1) : settings).ToJson())));
    }

    [Fact]
    public void APreset_TakesTheProfilesPlace_AndSetGoesOnTop()
    {
        ReproductionPlan plan = new(new() { Preset = Presets.Get("bars-frappe"), Assignments = ["embeddingSize=4"] });
        Assert.Equal(Presets.Get("bars-frappe").For("deepfm").With("embeddingSize=4").ToJson(), plan.For("deepfm").ToJson());
        Assert.All(plan.Experiments.Runs, run => Assert.Equal(4, run.Settings.Options.EmbeddingSize));
    }

    [Theory]
    [InlineData("figure12", "There is no table or figure 'figure12'; did you mean 'figure1")]
    [InlineData("table2,table2", "The table or figure table2 is given more than once; give each table or figure once.")]
    [InlineData("", "A reproduction needs at least one table or figure.")]
    public void WrongParts_AreNamed(string parts, string message) => Assert.StartsWith(message, Assert.Throws<UserErrorException>(
        () => new ReproductionOptions { Parts = parts.Split(',', StringSplitOptions.RemoveEmptyEntries) }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ASeedTwice_IsNamed() => Assert.Equal("The seed 3 is given more than once; give each seed once.",
        Assert.Throws<UserErrorException>(() => new ReproductionOptions { Seeds = [3, 1, 3] }).Message);

    [Fact]
    public void AnUnknownProfile_GivesTheNearest() => Assert.StartsWith("There is no profile 'quik'; did you mean 'quick'?",
        Assert.Throws<UserErrorException>(() => Profile.Get("quik")).Message, StringComparison.Ordinal);

    /// <summary>Microseconds a sample on one thread, as bench step measured them: 20 fields, 12,000 ids, batches of 2048.</summary>
    [Theory]
    [InlineData("deepfm", "100,100,100", 0.5, 3.85), InlineData("deepfm", "100", 0.5, 3.14)]
    [InlineData("deepfm", "100,100,100,100,100,100,100", 0.5, 8.06), InlineData("deepfm", "100,100,100", 0, 4.62)]
    [InlineData("deepfm", "400,400,400", 0, 24.12), InlineData("deepfm", "400,400,400", 0.2, 19.73)]
    [InlineData("deepfm", "25,25,25", 0.2, 2.51), InlineData("deepfm", "200,200,200", 0.2, 8.15)]
    [InlineData("ipnn", "100,100,100", 0.5, 6.75), InlineData("ipnn", "400,400,400", 0.5, 26.04)]
    [InlineData("pnn-star", "100,100,100", 0.5, 6.64), InlineData("opnn", "100,100,100", 0.5, 4.53)]
    [InlineData("fm-dnn", "100,100,100", 0.5, 5.45)]
    public void RunCost_IsInProportionToMeasuredSteps(string model, string widths, double dropRate, double microseconds)
    {
        double CostOf(string name, string layers, double drop) => RunCost.PerSample(RunSettings.Default(name)
            .With($"hiddenWidths={layers}").With(FormattableString.Invariant($"dropRate={drop}")).CreateModel().Build(fieldCount: 20));
        double expected = microseconds / 17.45, actual = CostOf(model, widths, dropRate) / CostOf("deepfm", "400,400,400", 0.5);
        Assert.InRange(actual / expected, 0.8, 1.25);
    }

    /// <summary>Work grows with what takes time: wider networks, more rows, more epochs, pre-training.</summary>
    [Fact]
    public void Cost_FollowsTheWork()
    {
        DataShape shape = new(20, 1000, 100);
        RunSettings settings = RunSettings.Default("deepfm");
        double cost = RunCost.Of(settings, shape);
        Assert.Equal(2, RunCost.Of(settings.With("epochs=20"), shape) / cost, tolerance: 1e-12);
        Assert.Equal(10, RunCost.Of(settings, new(20, 10_000, 1000)) / cost, tolerance: 1e-12);
        // Scoring a row costs two fifths of training it.
        Assert.Equal(1.4, RunCost.Of(settings, new(20, 1000, 1000)) / RunCost.Of(settings, new(20, 1000, 0)), tolerance: 1e-12);
        Assert.True(RunCost.Of(settings.With("hiddenWidths=800,800,800"), shape) > 2 * cost);
        Assert.True(RunCost.Of(RunSettings.Default("fnn"), shape) > RunCost.Of(RunSettings.Default("dnn"), shape));
        Assert.Equal(0, RunCost.Of(settings, shape, epochs: 0));
    }
}
