using System.CommandLine;
using System.Diagnostics;
using DeepFM.Research.Generation;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>The generate command: writes data sets of any size from a seed. All drawing is in DeepFM.Research.</summary>
static class GenerateCommand
{
    const int MostTestRows = 10_000_000;    // enough for any comparison; their figures are computed in memory

    public static Command Create() =>
        new("generate", "Writes a generated data set: the same options give the same bytes.") { Store(), Criteo() };

    static ExampleCommand Store()
    {
        AppStoreOptions defaults = new();
        Option<string?> output = new("--out")
        {
            Description = "Directory for train.csv (days 1 to 7), test.csv (day 8) and schema.json. Not needed with --describe.",
            HelpName = "DIR",
        };
        Option<long> rows = Rows("Training rows.", defaults.TrainRows, 7, 1_000_000_000_000);
        Option<int> testRows = SharedOptions.WholeNumber("--test-rows",
            $"Test rows. Default: a seventh of --rows, at most {MostTestRows}.", null, 1, 1 << 30);
        Option<int> users = SharedOptions.WholeNumber("--users", "Users, with a long tail.", defaults.UserCount, 100, 1_000_000_000);
        Option<int> apps = SharedOptions.WholeNumber("--apps", "Apps, with a long tail.", defaults.AppCount, 100, 1_000_000);
        Option<bool> describe = new("--describe")
        {
            Description = "Writes nothing, but says what the clicks depend on: the share of each effect and order, computed from rows.",
        };
        Option<ulong> seed = Seed();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> force = SharedOptions.Force("files that are in --out already"), json = SharedOptions.Json();
        ExampleCommand command = new("app-store",
            "Seven days of an app store to train on and the next to test on. The true click probability is known: data/README.md.",
            "deepfm generate app-store --out app-store",
            "deepfm generate app-store --rows 10000000 --users 1000000 --apps 20000 --seed 2 --out app-store-10m",
            "deepfm generate app-store --describe")
        {
            output, rows, testRows, users, apps, describe, seed, threads, force, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            long trainRows = parsed.GetValue(rows);
            AppStore store = new(new()
            {
                TrainRows = trainRows,
                TestRows = parsed.GetResult(testRows) is { } given ? given.GetValue(testRows) : (int)Math.Min(trainRows / 7, MostTestRows),
                UserCount = parsed.GetValue(users),
                AppCount = parsed.GetValue(apps),
                Seed = parsed.GetValue(seed),
            });
            TextWriter result = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(describe))
            {
                AppStoreDescription description = store.Describe();
                if (parsed.GetValue(json)) { result.WriteLine(JsonFiles.ToJson(description)); }
                else { Print(result, description); }
                return;
            }
            string folder = parsed.GetValue(output) is { Length: > 0 } named
                ? named
                : throw new UserErrorException("--out DIR is missing: it says where the files go; --describe does without.");
            string[] paths = [Path.Combine(folder, "train.csv"), Path.Combine(folder, "test.csv"), Path.Combine(folder, "schema.json")];
            using FolderLock held = new(folder);
            bool replace = parsed.GetValue(force) || held.WasLeft;
            RequireFree(paths, replace);

            GenerateResult written = ProgressView.Show(parsed.InvocationConfiguration.Error, view => Timed(() =>
            {
                try
                {
                    long bytes = store.WriteTrain(paths[0], parsed.GetValue(threads), view, cancel)
                        + store.WriteTest(paths[1], parsed.GetValue(threads), view, cancel);
                    JsonFiles.WriteText(paths[2], AppStore.SchemaText);
                    return new(trainRows + store.Options.TestRows, bytes, paths);
                }
                catch when (!replace)
                {
                    foreach (string path in paths) { File.Delete(path); }       // all three or none: the same command can be given again
                    throw;
                }
            }));
            BestReachable best = store.Best();
            // With few rows all may be of one class, which no score can order.
            Print(result, double.IsNaN(best.Auc) ? written : written with { BestReachable = best }, parsed.GetValue(json));
        });
        return command;
    }

    static ExampleCommand Criteo()
    {
        Option<string> output = new("--out") { Description = "File for the rows.", HelpName = "FILE", Required = true };
        Option<long> rows = Rows("Rows, about 250 bytes each.", 1_000_000, 1, 1_000_000_000_000);
        Option<ulong> seed = Seed();
        Option<int> threads = SharedOptions.Threads();
        Option<bool> force = SharedOptions.Force("--out when it is there already"), json = SharedOptions.Json();
        ExampleCommand command = new("criteo",
            "Rows in the form of the Criteo data, with about its numbers of ids and shares of missing cells, for data/schemas/criteo.json.",
            "deepfm generate criteo --rows 1000000 --out criteo.tsv",
            "deepfm generate criteo --rows 45840617 --seed 2 --out criteo.tsv --force")
        {
            output, rows, seed, threads, force, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            string path = parsed.GetRequiredValue(output);
            RequireFree([path], parsed.GetValue(force));
            AtomicFile.RequireFolder(path.Length == 0 ? "" : Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
            using FolderLock? held = FolderLock.OfFile(path);
            GenerateResult written = ProgressView.Show(parsed.InvocationConfiguration.Error, view => Timed(() =>
                new(parsed.GetValue(rows), CriteoText.Write(path, parsed.GetValue(rows), parsed.GetValue(seed),
                    parsed.GetValue(threads), view, cancel), [path])));
            Print(parsed.InvocationConfiguration.Output, written, parsed.GetValue(json));
        });
        return command;
    }

    static Option<long> Rows(string description, long standard, long min, long max) => new("--rows")
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (long.TryParse(text, out long value) && value >= min && value <= max) { return value; }
            result.AddError($"--rows {text} is not allowed: it must be a whole number in [{min}, {max}].");
            return min;
        },
    };

    static Option<ulong> Seed() => new("--seed")
    {
        Description = "Seed of all that is drawn.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = SharedOptions.ParseSeed,
    };

    static void RequireFree(IEnumerable<string> paths, bool force)
    {
        foreach (string path in paths)
        {
            if (Directory.Exists(path)) { throw new UserErrorException($"--out {path}: this is a directory; name a file in it."); }
            if (File.Exists(path) && !force)
            {
                throw new UserErrorException(
                    $"--out {path}: the file is there already. Choose another place, or give --force to replace it.");
            }
        }
    }

    static GenerateResult Timed(Func<GenerateResult> body)
    {
        long start = Stopwatch.GetTimestamp();
        GenerateResult result = body();
        return result with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    static void Print(TextWriter output, GenerateResult result, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonFiles.ToJson(result));
            return;
        }
        output.WriteLine(Invariant($"{Counted.Of(result.Rows, "row")}, {result.Bytes / 1e6:N1} MB, in {result.Seconds:0.0} s: ")
            + Invariant($"{result.RowsPerSecond:N0} rows/s"));
        if (result.BestReachable is { } best)
        {
            output.WriteLine(Invariant($"best reachable on test.csv: AUC {best.Auc:0.0000}, log loss {best.LogLoss:0.0000}"));
        }
        output.WriteLine($"Written: {string.Join(", ", result.Files)}");
    }

    static void Print(TextWriter output, AppStoreDescription description)
    {
        output.WriteLine(Invariant($"{Counted.Of(description.Rows, "training row")}, {description.ClickRate:P2} clicks, ")
            + Invariant($"logit deviation {description.LogitDeviation:0.00}"));
        output.WriteLine(Invariant($"test day: {description.NewUsers:P1} of rows by new users, {description.NewApps:P1} of new apps"));
        output.WriteLine();
        string[] meanings = ["order 1", "order 2", "order 3", "drift", "noise"];
        TextTable.Print(output,
        [
            ["part of the logit", "share", "AUC of it and those above"],
            .. meanings.Select((meaning, part) => new[]
            {
                meaning,
                Invariant($"{description.ShareOf((LogitPart)part),7:P1}"),
                part < description.AucByOrder.Count ? Invariant($"{description.AucByOrder[part]:0.0000}") : "",
            }),
        ]);
        output.WriteLine();
        TextTable.Print(output,
        [
            ["effect", "columns", "part", "share"],
            .. description.Effects.Select(effect => new[]
            {
                effect.Name, effect.Fields, meanings[(int)effect.Part], Invariant($"{effect.Share,8:P2}"),
            }),
        ]);
    }

    sealed record GenerateResult(long Rows, long Bytes, IReadOnlyList<string> Files)
    {
        public double Seconds { get; init; }
        public double RowsPerSecond => Rows / Math.Max(Seconds, 1e-9);
        public BestReachable? BestReachable { get; init; }
    }
}
