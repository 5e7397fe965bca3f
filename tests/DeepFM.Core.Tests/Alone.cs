namespace DeepFM.Core.Tests;

/// <summary>Tests beside which nothing else runs: they count what the process, or a thread of it, allocates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
