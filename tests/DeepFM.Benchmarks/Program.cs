using BenchmarkDotNet.Running;
using DeepFM.Benchmarks;

// Without arguments it asks which class to run; --filter '*' runs all, --help lists the options.
BenchmarkSwitcher.FromAssembly(typeof(Memory).Assembly).Run(args);
