using System.CommandLine;
using DeepFM.Benchmarks.Peers;
using DeepFM.Data;
using DeepFM.Research.Speed;
using DeepFM.Training;

const int FieldCount = 39, EmbeddingSize = 10, BatchCount = 8;

RootCommand root = new("Measures the kit and its peers in turn, and prints a JSON object with the ratio of their rates.")
{
    Step(), Epoch(), Ffm(),
};
return root.Parse(args).Invoke();

static Command Step()
{
    Option<int> batch = Number("--batch", "Rows of a batch.", 4096);
    Option<int> vocabulary = Number("--vocabulary", "Ids of all fields.", 1_000_000);
    Option<int> threads = Number("--threads", "Threads of each.", Environment.ProcessorCount);
    Option<int> rounds = Number("--rounds", "Turns of each, after one that warms up.", 3);
    Option<int> seconds = Number("--seconds", "Least time of a turn.", 3);
    Option<string> optimizer = new("--optimizer") { Description = "The peer's optimizer.", DefaultValueFactory = _ => "adam" };
    optimizer.AcceptOnlyFromAmong("adam", "sparse-sgd");
    Command command = new("step", "DeepFM's training step in TorchSharp; the kit trains with Adam on touched rows.")
    {
        optimizer, batch, vocabulary, threads, rounds, seconds,
    };
    command.SetAction(parsed =>
    {
        TorchLibrary.Mend();
        int batchSize = parsed.GetValue(batch), threadCount = parsed.GetValue(threads);
        RunSettings settings = RunSettings.Default("deepfm").With($"batchSize={batchSize}");
        using EncodedData data = GeneratedRows.Draw(BatchCount * batchSize, FieldCount, parsed.GetValue(vocabulary), seed: 1);
        using KitStep kit = new(settings, data, threadCount);
        using TorchStep peer = new(data, batchSize, EmbeddingSize, parsed.GetValue(optimizer)!, threadCount);
        InTurn turns = new(parsed.GetValue(rounds), parsed.GetValue(seconds));
        Console.WriteLine(JsonFiles.ToJson(turns.Measure("step", kit, peer, threadCount)));
    });
    return command;
}

static Command Epoch()
{
    Option<int> threads = Number("--threads", "Threads of each.", Environment.ProcessorCount);
    Option<int> rounds = Number("--rounds", "Turns of each, after one that warms up.", 3);
    Command command = new("epoch", "An epoch of DeepFM as BARS trains it on Frappe, in TorchSharp and in the kit: preset bars-frappe, as many "
        + "generated rows, fields and ids as Frappe has, 202,027 to train and 57,722 to evaluate.")
    {
        threads, rounds,
    };
    command.SetAction(parsed =>
    {
        const int frappeFields = 10, frappeIds = 5_390;
        TorchLibrary.Mend();
        int threadCount = parsed.GetValue(threads);
        RunSettings settings = Presets.Get("bars-frappe").For("deepfm");
        using EncodedData train = GeneratedRows.Draw(202_027, frappeFields, frappeIds, seed: 1);
        using EncodedData valid = GeneratedRows.Draw(57_722, frappeFields, frappeIds, seed: 2);
        using KitEpoch kit = new(settings, train, valid, threadCount);
        using TorchEpoch peer = new(settings, train, valid, threadCount);
        Console.WriteLine(JsonFiles.ToJson(new InTurn(parsed.GetValue(rounds), Seconds: 0).Measure("epoch", kit, peer, threadCount)));
    });
    return command;
}

static Command Ffm()
{
    Option<int> rows = Number("--rows", "Rows, rounded down to batches of 4096.", 40_960);
    Option<int> vocabulary = Number("--vocabulary", "Ids of all fields.", 100_000);
    Option<int> passes = Number("--passes", "Over the rows, in one measurement.", 2);
    Option<int> rounds = Number("--rounds", "Turns of each, after one that warms up.", 3);
    Option<int> seconds = Number("--seconds", "Least time of a turn.", 3);
    Command command = new("ffm", "ML.NET's field-aware FM, which has K numbers for each pair of fields, beside the kit's FM, "
        + "which has K for each field; both on one thread.")
    {
        rows, vocabulary, passes, rounds, seconds,
    };
    command.SetAction(parsed =>
    {
        RunSettings settings = RunSettings.Default("fm").With("optimizer=adagrad");
        int batchSize = settings.Training.BatchSize, count = Math.Max(1, parsed.GetValue(rows) / batchSize) * batchSize;
        using EncodedData data = GeneratedRows.Draw(count, FieldCount, parsed.GetValue(vocabulary), seed: 1);
        using KitPasses kit = new(settings, data, parsed.GetValue(passes), threads: 1);
        using FieldAwareFm peer = new(data, EmbeddingSize, parsed.GetValue(passes));
        InTurn turns = new(parsed.GetValue(rounds), parsed.GetValue(seconds));
        Console.WriteLine(JsonFiles.ToJson(turns.Measure("ffm", kit, peer, threads: 1)));
    });
    return command;
}

static Option<int> Number(string name, string description, int standard)
{
    Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
    option.Validators.Add(result =>
    {
        if (result.GetValue(option) < 1) { result.AddError($"{name} must be at least 1."); }
    });
    return option;
}
