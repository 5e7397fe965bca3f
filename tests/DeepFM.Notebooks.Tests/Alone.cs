namespace DeepFM.Notebooks.Tests;

/// <summary>
/// Tests beside which nothing else runs: they change the process's current folder or console, or look at the memory of the process.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
