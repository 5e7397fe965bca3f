using DeepFM.Data;
using DeepFM.Research.Paper;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Research.Statistics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research;

/// <summary>Puts the report together: every table, figure and sentence is computed from runs.</summary>
sealed class ReportBuilder(ReproductionOptions options, ReproductionPlan plan, ReproductionData data, IReadOnlyList<FinishedRun> runs,
    DataSplits rows, int threads)
{
    const ulong BootstrapSeed = 20_170_313;     // of the resampled rows; fixed, so that the same runs give the same report

    /// <summary>What is doubtful in the rows or in the runs.</summary>
    public IReadOnlyList<string> Notices { get; } =
        [.. rows.Notices, .. RunNotices.Of([.. runs.Select(run => run.Report)]).Where(notice => !rows.Notices.Contains(notice))];

    public Report Build(string directory, TimeSpan elapsed, CancellationToken cancel)
    {
        List<ReportBlock> blocks = [];
        if (Notice() is { } notice) { blocks.Add(new NoticeBlock(notice)); }
        blocks.AddRange(Notices.Select(sentence => new NoticeBlock(sentence)));
        if (Has("table1")) { Add("Table 1", Table1.Build()); }
        if (runs.Count > 0)
        {
            ResultSet results = new(runs);
            Shown shown = ShownOf(results);
            if (shown.Notice is { } incomplete) { blocks.Insert(0, new NoticeBlock(incomplete)); }
            if (shown.Table2.Count > 0) { AddTable2(results, shown.Table2, cancel); }
            if (shown.Figure6.Count > 0) { AddFigure6(results, shown.Figure6); }
            foreach (Sweep sweep in shown.Sweeps) { AddSweep(results, sweep); }
            blocks.Add(new HeadingBlock("Settings and runs"));
            blocks.Add(new TextBlock(Settings()));
            blocks.Add(new LinksBlock([.. runs.Select(run => (run.Run.Description,
                Path.GetRelativePath(directory, Path.Combine(run.Directory, TrainingRun.ReportName)).Replace('\\', '/')))]));
        }
        return new(data.IsGenerated ? "DeepFM: the paper's tables and figures, made anew"
            : $"{data.Request(threads).Schema.Name}: DeepFM beside other models", [.. HeadLines(elapsed)], blocks);

        void Add(string heading, ResultTable table)
        {
            blocks.Add(new HeadingBlock(heading));
            blocks.Add(new TableBlock(table));
        }

        void AddTable2(ResultSet results, IReadOnlyList<string> models, CancellationToken cancel)
        {
            Table2Input input = Table2Of(results, models, cancel);
            Add("Table 2", Table2.Build(input));
            blocks.Add(Sentences(Discussion.Of(input)));
            if (Table2.Differences(input) is { } differences) { blocks.Add(new TableBlock(differences)); }
            if (Improvements.Build(input) is { } improvements) { blocks.Add(new TableBlock(improvements)); }
            blocks.Add(new TableBlock(Table2.Published(options.Models)));
        }

        void AddFigure6(ResultSet results, IReadOnlyList<string> models)
        {
            IReadOnlyList<ModelTime> times = Figure6.Times(plan, results, models);
            blocks.Add(new HeadingBlock("Figure 6: efficiency"));
            blocks.Add(new FigureBlock(Figure6.Draw(times)));
            blocks.Add(Sentences(Figure6.Findings(times)));
            blocks.Add(new TableBlock(Figure6.Table(times, results.Of(plan.ForTiming("lr")).Runs[0].Report)));
        }

        void AddSweep(ResultSet results, Sweep sweep)
        {
            SweepFigure figure = SweepFigure.Of(sweep, plan, results);
            blocks.Add(new HeadingBlock($"Figure {sweep.Number}: {sweep.Title.ToLowerInvariant()}"));
            blocks.Add(new FigureBlock(figure.Draw()));
            blocks.Add(Sentences(figure.Findings()));
        }
    }

    // A preset's settings are whole; a profile's were chosen for its own rows.
    string? Notice() => options.Preset is not null ? null
        : data.IsGenerated ? options.Profile.Notice
        : $"Made with the settings of the {options.Profile.Name} profile, which were chosen for generated rows: for conclusions give a "
            + "--preset, or settings of your own with --set.";

    /// <summary>What a report shows: of a plan that is not whole, the models whose runs are all there.</summary>
    /// <param name="Table2">Models.</param>
    /// <param name="Figure6">Models; none without LR, by which times are divided.</param>
    /// <param name="Sweeps">With at least one model each.</param>
    /// <param name="Notice">What is missing; null when nothing is.</param>
    sealed record Shown(IReadOnlyList<string> Table2, IReadOnlyList<string> Figure6, IReadOnlyList<Sweep> Sweeps, string? Notice);

    Shown ShownOf(ResultSet results)
    {
        IReadOnlyList<ulong> seeds = options.EffectiveSeeds;
        string[] table2 = Has("table2") ? [.. options.Models.Where(model => results.Has(plan.For(model), seeds))] : [];
        string[] timed = Has("figure6") && results.Has(plan.ForTiming("lr"), seeds[0])
            ? [.. plan.TimedModels.Where(model => results.Has(plan.ForTiming(model), seeds[0]))]
            : [];
        Sweep[] sweeps = [.. plan.Sweeps.Select(sweep => sweep with
        {
            Models = [.. sweep.Models.Where(model => Enumerable.Range(0, sweep.Places.Count)
                .All(place => results.Has(plan.At(sweep, model, place), seeds)))],
        })];
        List<string> shares = [];
        if (Has("table2")) { shares.Add($"Table 2 {table2.Length} of {options.Models.Count}"); }
        if (Has("figure6")) { shares.Add($"Figure 6 {timed.Length} of {plan.TimedModels.Count}"); }
        shares.AddRange(plan.Sweeps.Zip(sweeps, (all, there) => $"Figure {all.Number} {there.Models.Count} of {all.Models.Count}"));
        int planned = plan.Experiments.Runs.Count;
        return new(table2, timed, [.. sweeps.Where(sweep => sweep.Models.Count > 0)], runs.Count == planned ? null
            : Invariant($"Not the whole plan: {runs.Count} of its {Counted.Of(planned, "run")} {(runs.Count == 1 ? "is" : "are")} finished. Tables and figures show the models whose ")
                + $"runs are all there: {string.Join(", ", shares)}.");
    }

    Table2Input Table2Of(ResultSet results, IReadOnlyList<string> shown, CancellationToken cancel)
    {
        ModelFigures[] models = [.. shown.OrderBy(Models.ModelCatalog.Names.ToList().IndexOf)
            .Select(model => results.Of(plan.For(model)))];
        DataFacts facts = new()
        {
            SchemaName = data.Request(threads).Schema.Name,
            Description = data.Description,
            Rows = models[0].Runs[0].Report.Data,
            IsGenerated = data.IsGenerated,
            Truth = results.OnTest ? data.Truth() : null,
        };
        return new(models, Differences(results, models, cancel), facts);
    }

    ModelDifference[] Differences(ResultSet results, ModelFigures[] models, CancellationToken cancel)
    {
        ModelFigures? own = models.FirstOrDefault(row => row.Model == "deepfm");
        ModelFigures[] others = [.. models.Where(row => row.Model != "deepfm")];
        if (own is null || others.Length == 0) { return []; }
        float[] labels = (results.OnTest ? rows.Test! : rows.Valid!).Labels.ToArray();
        ScoreRanking[] Rank(ModelFigures row) => [.. row.Runs.AsParallel().AsOrdered().WithDegreeOfParallelism(threads)
            .Select(run => new ScoreRanking(results.Scores(run), labels))];
        ScoreRanking[] first = Rank(own);
        AucInterval[] intervals = AucBootstrap.Differences(labels, first, [.. others.Select(Rank)],
            AucBootstrap.ResamplesFor(labels.Length, models.Sum(row => row.Runs.Count)), BootstrapSeed, threads, cancel);
        return [.. others.Select((other, i) => new ModelDifference(other.Model, intervals[i],
            PairedTTest.Of(own.Aucs, other.Aucs), PairedTTest.Of(own.LogLosses, other.LogLosses)))];
    }

    IEnumerable<string> HeadLines(TimeSpan elapsed)
    {
        yield return $"Data: {data.Description}. "
            + Invariant($"{rows.Train.RowCount:N0} training, {rows.Valid?.RowCount ?? 0:N0} validation and ")
            + Counted.Of(rows.Test?.RowCount ?? 0, "test row") + ", "
            + Invariant($"{Counted.Of(rows.Train.FieldCount, "field")}, {Counted.Of(rows.Train.FeatureCount, "id")}; split: {rows.SplitDescription}; digest ")
            + Invariant($"{rows.Digest[..12]}.");
        foreach (MachineReport machine in runs.Select(run => run.Report.Machine).Append(MachineReport.Current).Distinct())
        {
            string commit = machine.Commit is { Length: >= 12 } known ? $", commit {known[..12]}" : "";
            yield return Invariant($"Machine: {machine.Processor}, {machine.Cores} cores, ")
                + Invariant($"{machine.MemoryBytes / (double)(1L << 30):0} GiB, {machine.VectorBits}-bit vectors, ")
                + $"{machine.Framework}, {machine.OperatingSystem}; kit {machine.Kit}{commit}.";
        }
        if (runs.Count > 0) { yield return Words.ArithmeticOf(runs.Select(run => run.Report)); }
        string settings = options.Preset is { } preset ? $"Preset {preset.Name}: {preset.Description}"
            : $"Profile {options.Profile.Name}: {options.Profile.Description}.";
        yield return $"{settings} Seeds here: {string.Join(", ", options.EffectiveSeeds)}.";
        yield return RunTimes.Sentence(runs, elapsed, threads);
    }

    string Settings()
    {
        List<string> lines = [];
        if (options.Preset is { } preset) { lines.Add($"Settings of the preset {preset.Name}: {preset.Description}"); }
        else
        {
            lines.Add("Settings are the paper's for Criteo (Guo et al. 2017, section 3.1; what it leaves open is the kit's default) "
                + "with these changes; "
                + "rates and penalties, where they are changed, were chosen on validation rows:");
            lines.AddRange(new (string Name, IReadOnlyList<string> Changes)[]
            {
                ("deep models in Table 2", options.Profile.Deep),
                ("FM, also as FNN's start", options.Profile.Fm),
                ("LR", options.Profile.Lr),
                ("on top in Figures 7–11", options.Profile.Sweeps),
            }.Select(group => $"- {group.Name}: {(group.Changes.Count == 0 ? "none" : Code(group.Changes))}"));
            lines.Add("- Figure 6: the paper's network and batches of 4096");
        }
        if (options.Assignments.Count > 0) { lines.Add($"- asked for on the command line: {Code(options.Assignments)}"); }
        lines.Add("");
        lines.Add(Escape(Words.Optimizers(options.Models.Select(plan.For))));
        lines.Add($"{Selection()} Each run's report:");
        return string.Join('\n', lines);
    }

    // Which epoch is kept, and what that means for the figures.
    string Selection()
    {
        if (rows.Valid is not { RowCount: > 0 }) { return "The last epoch is kept: there are no validation rows."; }
        string figures = Words.List([.. runs.Select(run => run.Report.Settings.Training.Monitor).Distinct().Order()
            .Select(monitor => monitor == DeepFM.Training.Monitor.LogLoss ? "log loss" : "AUC")]);
        return $"The epoch with the best validation {figures} is kept; " + (rows.Test is null
            ? "there are no test rows, so the figures are those of the rows that chose the epoch, which favours every model a little."
            : "test rows decide nothing.");
    }

    static string Code(IEnumerable<string> changes) => string.Join(", ", changes.Select(change => $"`{change}`"));

    static TextBlock Sentences(IReadOnlyList<string> sentences) =>
        new(string.Join('\n', sentences.Select(sentence => $"- {Escape(sentence)}")));

    // "PNN* … PNN*" would be emphasis in Markdown, and a bare < the beginning of a tag.
    static string Escape(string sentence) => sentence.Replace("*", "\\*", StringComparison.Ordinal);

    bool Has(string part) => options.Parts.Contains(part);
}
