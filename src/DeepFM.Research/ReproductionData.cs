using DeepFM.Data;
using DeepFM.Research.Results;

namespace DeepFM.Research;

/// <summary>The rows that a reproduction runs on.</summary>
public abstract class ReproductionData
{
    /// <summary>What the rows are, one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Whether the rows are generated, and stand for the paper's Company* log.</summary>
    public virtual bool IsGenerated => false;

    /// <summary>Which files to load, and how they are told into parts; the files are there after <see cref="Prepare"/>.</summary>
    /// <param name="threads">Threads that parse.</param>
    public abstract DataRequest Request(int threads);

    /// <summary>Whether the files are there.</summary>
    public virtual bool IsReady => true;

    /// <summary>Rows of an epoch and rows evaluated after it, as far as known without reading; null for files.</summary>
    public virtual (long Train, long Evaluated)? Rows => null;

    /// <summary>Makes the files that are not there yet.</summary>
    /// <param name="threads">Threads that may be used.</param>
    /// <param name="progress">Told about files as they grow.</param>
    /// <param name="cancel">Stops in between.</param>
    public virtual void Prepare(int threads, IProgress<WriteProgress>? progress, CancellationToken cancel) { }

    /// <summary>What is known of the true click probabilities; null for data from life.</summary>
    public virtual TruthFacts? Truth() => null;
}

/// <summary>Files of the user.</summary>
/// <param name="request">The files, their schema and their split.</param>
public sealed class FileData(DataRequest request) : ReproductionData
{
    /// <inheritdoc/>
    public override string Description => request.Schema.Name + " ("
        + string.Join(", ", request.TrainFiles.Concat(request.ValidFiles).Concat(request.TestFiles).Select(Path.GetFileName)) + ")";

    /// <inheritdoc/>
    public override DataRequest Request(int threads) => request with { Threads = threads };
}
