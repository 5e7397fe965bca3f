using System.CommandLine;
using System.CommandLine.Parsing;
using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>Options that several commands have.</summary>
static class SharedOptions
{
    public static Option<string> Schema(bool required = true) => new("--schema")
    {
        Description = "JSON file that says what the columns are; see data/README.md.",
        HelpName = "FILE",
        Required = required,
    };

    public static Option<string[]> Files(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "FILE…",
        Required = required,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string> ModelDirectory() => new("--model-dir")
    {
        Description = "The 'model' directory that train wrote below its --out.",
        HelpName = "DIR",
        Required = true,
    };

    public static Option<string> Model() => new("--model")
    {
        Description = $"The model: {string.Join(", ", ModelCatalog.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "deepfm",
    };

    public static Option<string> Preset() => new("--preset")
    {
        Description = $"Whole settings as a publication states them: {string.Join(", ", Presets.Names)}. {Presets.Names[0]} takes what the paper "
            + "leaves open, such as the batch size, from the training rows: see deepfm settings.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Presets.Names[0],
    };

    /// <summary>The option that changes settings.</summary>
    public const string SetName = "--set";

    public static Option<string[]> Set() => new(SetName)
    {
        Description = "Changes options of the preset, as key=value. Keys: " + string.Join(", ", RunSettings.Keys)
            + "; what they mean: deepfm settings. With a model's name before a key (fm.epochs=5), for that model alone; with "
            + "'pretraining.', for the model that FNN trains first alone.",
        HelpName = "KEY=VALUE…",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The name of the option that says how many threads compute.</summary>
    public const string ThreadsName = "--threads";

    public static Option<int> Threads() => WholeNumber(ThreadsName,
        "Threads to compute with. Their number does not change the result.", Environment.ProcessorCount, 1, 1024);

    /// <summary>An option in [min, max]; without a standard value it may be left out.</summary>
    public static Option<int> WholeNumber(string name, string description, int? standard, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = standard is { } value ? _ => value : null,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, out int value) && value >= min && value <= max) { return value; }
            result.AddError($"{name} {text} is not allowed: it must be a whole number in [{min}, {max}].");
            return min;
        },
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Prints one JSON object on standard output, and nothing else there.",
    };

    public static Option<bool> Force(string what) => new("--force") { Description = $"Replaces {what}." };

    /// <summary>Reads a seed, or says what is wrong with it.</summary>
    public static bool TryParseSeed(string text, out ulong seed, out string wrong)
    {
        wrong = $"The seed '{text}' is not allowed: it must be a whole number in [0, {ulong.MaxValue}].";
        return ulong.TryParse(text, out seed);
    }

    /// <summary>Reads seeds that are separated by commas.</summary>
    /// <exception cref="UserErrorException">One is not a seed.</exception>
    public static ulong[] Seeds(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries)
        .Select(seed => TryParseSeed(seed, out ulong number, out string wrong) ? number : throw new UserErrorException(wrong))];

    /// <summary>Reads the seed of an option, or adds the error to the result.</summary>
    public static ulong ParseSeed(ArgumentResult result)
    {
        if (!TryParseSeed(result.Tokens[0].Value, out ulong seed, out string wrong)) { result.AddError(wrong); }
        return seed;
    }

    /// <summary>The settings that --model (or --models), --preset and --set ask for.</summary>
    public static RunSettings Settings(string model, string preset, IEnumerable<string>? assignments)
    {
        ModelCatalog.Get(model);
        return Presets.Get(preset).For(model).With(assignments ?? []);
    }

    /// <summary>Refuses files that are not there, before anything else is done.</summary>
    public static void RequireFiles(string option, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (File.Exists(path)) { continue; }
            throw new UserErrorException(Directory.Exists(path)
                ? $"{option} {path}: this is a directory; name the files in it."
                : path.AsSpan().ContainsAny('*', '?') ? $"{option} {path}: there is no such file. The shell makes file names of a pattern: "
                    + "write it without quotes, and check that it matches a file."
                : $"{option} {path}: there is no such file. Check the path; relative ones start at "
                    + $"{Environment.CurrentDirectory}.");
        }
    }
}

/// <summary>The options of train and compare, which differ in how they name models and seeds.</summary>
/// <param name="models">What names the model, or the models.</param>
/// <param name="seeds">What names the seed, or the seeds.</param>
/// <param name="directoryGets">What <c>--out</c> is for.</param>
/// <param name="forceReplaces">What <c>--force</c> replaces.</param>
sealed class TrainingOptionList(Option models, Option seeds, string directoryGets, string forceReplaces)
{
    readonly DataOptions data = new();
    readonly Option<string> preset = SharedOptions.Preset();
    readonly Option<string[]> set = SharedOptions.Set();
    readonly Option<int> threads = SharedOptions.Threads();
    readonly Option<string> output = new("--out") { Description = directoryGets, HelpName = "DIR", Required = true };
    readonly Option<bool> force = SharedOptions.Force(forceReplaces), json = SharedOptions.Json();

    public IReadOnlyList<Option> All => [.. data.All, models, preset, set, seeds, threads, output, force, json];

    public RunSettings Settings(ParseResult parsed, string model) =>
        SharedOptions.Settings(model, parsed.GetValue(preset)!, parsed.GetValue(set));

    public DataRequest Request(ParseResult parsed) => data.Request(parsed, Threads(parsed));

    public int Threads(ParseResult parsed) => parsed.GetValue(threads);

    public string Directory(ParseResult parsed) => parsed.GetRequiredValue(output);

    public bool Force(ParseResult parsed) => parsed.GetValue(force);

    public bool Json(ParseResult parsed) => parsed.GetValue(json);
}

/// <summary>The options that say which rows train, validate and test, shared by train, compare and reproduce.</summary>
/// <param name="required">Whether schema and training files must be given; otherwise there is other data to fall back on.</param>
sealed class DataOptions(bool required = true)
{
    readonly Option<string> schema = SharedOptions.Schema(required);
    readonly Option<string[]> train = SharedOptions.Files("--train", "Training files.", required);
    readonly Option<string[]> valid = SharedOptions.Files("--valid", "Validation files: they decide early stopping.");
    readonly Option<string[]> test = SharedOptions.Files("--test", "Test files.");
    readonly Option<string> split = new("--split")
    {
        Description = "Divides the training files: random:0.8,0.1,0.1 or time:0.8,0.1,0.1 (training, validation, test); "
            + "two shares are training and test, or training and validation when --test is given.",
        HelpName = "KIND:SHARES",
    };
    readonly Option<ulong> splitSeed = new("--split-seed")
    {
        Description = "Seed of a random split. Apart from --seed, so that all seeds see the same rows.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = SharedOptions.ParseSeed,
    };

    readonly Option<string> encoded = new("--encoded")
    {
        Description = "Directory that keeps the encoded rows as files, mapped into memory: for data larger than memory.",
        HelpName = "DIR",
    };

    public IReadOnlyList<Option> All => [schema, train, valid, test, split, splitSeed, encoded];

    /// <summary>The same; null when no option of data is given at all.</summary>
    /// <exception cref="UserErrorException">Some are given, but not those that all the others need.</exception>
    public DataRequest? RequestIfGiven(ParseResult parsed, int threads)
    {
        Option[] given = [.. All.Where(option => parsed.GetResult(option) is { Implicit: false })];
        if (given.Length == 0) { return null; }
        return Array.Find<Option>([schema, train], option => !given.Contains(option)) is { } missing
            ? throw new UserErrorException($"{given[0].Name} is given without {missing.Name}. Own data need --schema and --train; "
                + $"without any such "
                + "option the rows are generated.")
            : Request(parsed, threads);
    }

    /// <summary>What was asked for, with all files there.</summary>
    public DataRequest Request(ParseResult parsed, int threads)
    {
        string schemaPath = parsed.GetRequiredValue(schema);
        string[] Files(Option<string[]> option) => parsed.GetValue(option) ?? [];
        SharedOptions.RequireFiles("--schema", [schemaPath]);
        foreach (Option<string[]> option in new[] { train, valid, test })
        {
            SharedOptions.RequireFiles(option.Name, Files(option));
        }
        return new()
        {
            Schema = Schema.Load(schemaPath),
            TrainFiles = Files(train),
            ValidFiles = Files(valid),
            TestFiles = Files(test),
            Split = parsed.GetValue(split) is { } text ? Split.Parse(text) : null,
            Seed = parsed.GetValue(splitSeed),
            EncodedFolder = parsed.GetValue(encoded),
            Threads = threads,
        };
    }
}
