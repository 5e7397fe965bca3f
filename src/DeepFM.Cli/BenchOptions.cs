using System.CommandLine;
using DeepFM.Research.Speed;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>How often and for how long something is measured.</summary>
sealed class RepetitionOptions
{
    readonly Option<int> runs = SharedOptions.WholeNumber("--runs", "Runs after the warm-up; a figure is their median.",
        new Repetition().Runs, 1, 1000);

    readonly Option<double> seconds = BenchOptions.Seconds("Least time of a run.", new Repetition().RunSeconds);

    public IReadOnlyList<Option> All => [runs, seconds];

    public Repetition Read(ParseResult parsed) =>
        new() { Runs = parsed.GetValue(runs), RunSeconds = parsed.GetValue(seconds) };
}

/// <summary>The model and the generated rows that step and score measure.</summary>
sealed class WorkloadOptions
{
    readonly Option<string> model = SharedOptions.Model();

    readonly Option<int> batch = SharedOptions.WholeNumber("--batch", "Rows of a batch.", 4096, 1, 1 << 20);

    readonly Option<int> vocabulary = SharedOptions.WholeNumber("--vocabulary", "Ids of all fields together.",
        1_000_000, 1, int.MaxValue);

    readonly Option<int> fields = SharedOptions.WholeNumber("--fields", "Fields of a row, each with one id.",
        39, 1, 65_536);

    readonly Option<string?> embedding = new("--embedding")
    {
        Description = "Length of an embedding. Default: the model's.",
        HelpName = "K",
    };

    readonly Option<string?> optimizer = new("--optimizer")
    {
        Description = "adam, ftrl, adagrad or sgd. Default: the model's.",
        HelpName = "NAME",
    };

    readonly Option<string[]> set = SharedOptions.Set();
    readonly Option<int> threads = SharedOptions.Threads();

    readonly Option<int> steps = SharedOptions.WholeNumber("--steps", "Batches to time, in place of --seconds.",
        null, 1, 1_000_000_000);

    readonly Option<double> seconds = BenchOptions.Seconds("Least time of all batches that are timed.", 2);

    public IReadOnlyList<Option> All =>
        [model, batch, vocabulary, fields, embedding, optimizer, set, threads, steps, seconds];

    /// <summary>What was asked for; options of the model are checked as train checks them.</summary>
    public Workload Read(ParseResult parsed)
    {
        List<string> assignments = [$"batchSize={parsed.GetValue(batch)}"];
        if (parsed.GetValue(embedding) is { } size) { assignments.Add($"embeddingSize={size}"); }
        if (parsed.GetValue(optimizer) is { } name) { assignments.Add($"optimizer={name}"); }
        assignments.AddRange(parsed.GetValue(set) ?? []);
        return new()
        {
            Settings = SharedOptions.Settings(parsed.GetValue(model)!, Presets.Names[0], assignments),
            Vocabulary = parsed.GetValue(vocabulary),
            FieldCount = parsed.GetValue(fields),
            Threads = parsed.GetValue(threads),
            Steps = parsed.GetResult(steps) is { } given ? given.GetValue(steps) : null,
            Seconds = parsed.GetValue(seconds),
        };
    }
}

/// <summary>Options that the measurements share.</summary>
static class BenchOptions
{
    public static Option<double> Seconds(string description, double standard) => new("--seconds")
    {
        Description = description,
        HelpName = "S",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, out double value) && value is >= 0 and <= 3600) { return value; }
            result.AddError($"--seconds {text} is not allowed: it must be a number in [0, 3600].");
            return standard;
        },
    };
}
