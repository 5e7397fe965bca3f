namespace DeepFM.Cli.Tests;

/// <summary>Tests beside which nothing else runs: they change the process's current folder or console.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
