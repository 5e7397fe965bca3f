using System.CommandLine;
using DeepFM.Notebooks.Speed;
using DeepFM.Research.Speed;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The bench command: measures this machine and the engine on it. All measuring is in DeepFM.Research.Speed.</summary>
static class BenchCommand
{
    public static Command Create() =>
        new("bench", "Measures this machine, and the speed of the engine, the metric, the reader and the kernel on it. The variable "
            + "DEEPFM_SIMD (512, 256 or 128) forces a register width.")
        {
            Peak(), Gemm(), Step(), Score(), AucOfRows(), Read(), Kernel(),
        };

    static ExampleCommand Peak()
    {
        Option<int> megabytes = SharedOptions.WholeNumber("--megabytes",
            "Memory to read, in MiB: many times what the caches hold.", 512, 1, 1 << 20);
        Option<int> threads = SharedOptions.Threads();
        RepetitionOptions repetition = new();
        return Make("peak", "Multiply-adds in registers and reads of memory, on one thread and on all.",
            [megabytes, threads, .. repetition.All],
            (parsed, cancel) => PeakBenchmark.Measure(parsed.GetValue(threads), (long)parsed.GetValue(megabytes) << 20,
                repetition.Read(parsed), cancel),
            BenchTable.Of, "deepfm bench peak", "deepfm bench peak --megabytes 4096 --json");
    }

    static ExampleCommand Gemm()
    {
        Option<int> m = SharedOptions.WholeNumber("--m", "Rows of X and Y: the batch.", 4096, 1, 1 << 20);
        Option<int> k = SharedOptions.WholeNumber("--k", "Columns of X: inputs of the layer.", 400, 1, 1 << 16);
        Option<int> n = SharedOptions.WholeNumber("--n", "Columns of Y: units of the layer.", 400, 1, 1 << 16);
        Option<int> threads = SharedOptions.Threads();
        RepetitionOptions repetition = new();
        return Make("gemm", "The products of a dense layer's training, packing included: Y = X·W, dX = dY·Wᵀ, dW = Xᵀ·dY.",
            [m, k, n, threads, .. repetition.All],
            (parsed, cancel) => GemmBenchmark.Measure(parsed.GetValue(m), parsed.GetValue(k), parsed.GetValue(n),
                parsed.GetValue(threads), repetition.Read(parsed), cancel),
            BenchTable.Of, "deepfm bench gemm", "deepfm bench gemm --m 1024 --k 390 --n 400 --threads 1");
    }

    static ExampleCommand Step()
    {
        WorkloadOptions workload = new();
        return Make("step",
            "Whole training steps on generated rows, and their share of what dense matrix products allow: above 100 % where "
                + "zeros are passed over.",
            workload.All,
            (parsed, cancel) => StepBenchmark.Measure(workload.Read(parsed), cancel),
            BenchTable.Of, "deepfm bench step --model deepfm", "deepfm bench step --model lr --vocabulary 100000 --threads 1",
            "deepfm bench step --model fm --optimizer adagrad --batch 1024 --json");
    }

    static ExampleCommand Score()
    {
        WorkloadOptions workload = new();
        return Make("score", "Scores of generated rows, as predict computes them.", workload.All,
            (parsed, cancel) => ScoreBenchmark.Measure(workload.Read(parsed), cancel),
            BenchTable.Of, "deepfm bench score --model deepfm", "deepfm bench score --model ipnn --threads 1 --json");
    }

    static ExampleCommand AucOfRows()
    {
        Option<int> rows = SharedOptions.WholeNumber("--rows", "Rows to rank.", 10_000_000, 2, 1 << 30);
        RepetitionOptions repetition = new();
        return Make("auc", "The exact AUC.", [rows, .. repetition.All],
            (parsed, cancel) => AucBenchmark.Measure(parsed.GetValue(rows), repetition.Read(parsed), cancel),
            BenchTable.Of, "deepfm bench auc", "deepfm bench auc --rows 1000000 --json");
    }

    static ExampleCommand Read()
    {
        Option<int> rows = SharedOptions.WholeNumber("--rows",
            "Rows of a generated file in the form of the Criteo data, about 230 bytes each, in the temporary folder (TMPDIR).",
            5_000_000, 1, 1 << 30);
        Option<int> threads = SharedOptions.Threads();
        Option<int> runs = SharedOptions.WholeNumber("--runs", "Times to read the file, after a first that warms up.",
            3, 1, 1000);
        return Make("read", "Text to encoded rows: the count pass and the encode pass; and the memory that they take, which grows with "
            + "distinct values, not with rows: the file is read once more, given twice.", [rows, threads, runs],
            (parsed, cancel) => ProgressView.Show(parsed.InvocationConfiguration.Error, view => ReadBenchmark.Measure(
                parsed.GetValue(rows), parsed.GetValue(threads), parsed.GetValue(runs), view, cancel)),
            BenchTable.Of, "deepfm bench read", "deepfm bench read --rows 50000000 --runs 1 --json");
    }

    static ExampleCommand Kernel()
    {
        Option<int> starts = SharedOptions.WholeNumber("--runs", "Times to start a kernel, after a first that warms up.", 5, 1, 1000);
        Option<int> cells = SharedOptions.WholeNumber("--cells", "Small cells that each kernel runs after its first.",
            100, 1, 100_000);
        return Make("kernel", "What the user of a notebook waits for: a fresh kernel's first result, and small cells after it.",
            [starts, cells],
            (parsed, cancel) => KernelBenchmark.Measure(typeof(BenchCommand).Assembly.Location, parsed.GetValue(starts),
                parsed.GetValue(cells), cancel),
            BenchTable.Of, "deepfm bench kernel", "deepfm bench kernel --runs 1 --cells 1000 --json");
    }

    static ExampleCommand Make<T>(string name, string description, IEnumerable<Option> options,
        Func<ParseResult, CancellationToken, T> measure, Func<T, BenchTable> table,
        params IReadOnlyList<string> examples)
        where T : SpeedReport
    {
        Option<bool> json = SharedOptions.Json();
        ExampleCommand command = new(name, description, examples);
        foreach (Option option in options.Append(json)) { command.Add(option); }
        command.SetBody((parsed, cancel) =>
        {
            T report = measure(parsed, cancel);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(JsonFiles.ToJson(report)); }
            else { table(report).Print(output, report); }
        });
        return command;
    }
}
