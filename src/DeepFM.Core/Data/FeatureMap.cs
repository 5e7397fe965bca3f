using DeepFM.Data.Encoders;
using DeepFM.Data.Reading;
using DeepFM.Doubts;

namespace DeepFM.Data;

/// <summary>What an id stands for.</summary>
/// <param name="Field">The field that owns it.</param>
/// <param name="Value">Its value as text; "(unseen)" and "(missing)" for the ids of these.</param>
public readonly record struct FeatureName(string Field, string Value);

/// <summary>The fitted encodings of all fields: everything that turns files of a schema into ids.</summary>
/// <remarks>
/// Fitted on training rows only. The same rows give the same ids whatever the thread count: within a field, texts are
/// ordered by falling training count and then by their bytes, buckets and parts of time by their value. Each field begins
/// with the id of unseen and rare values; see <c>data/README.md</c>.
/// </remarks>
public sealed class FeatureMap
{
    internal FeatureMap(Schema schema, IReadOnlyList<FieldEncoder> encoders,
        long trainingRowCount, long trainingPositiveCount)
    {
        (Schema, Encoders) = (schema, encoders);
        (TrainingRowCount, TrainingPositiveCount) = (trainingRowCount, trainingPositiveCount);
        Fields = [.. encoders.Select(encoder => encoder.Field)];
        FeatureCount = Fields[^1].FirstId + Fields[^1].IdCount;
        UntrainedIds = [.. encoders.SelectMany(encoder => Enumerable.Range(0, encoder.Field.IdCount)
            .Where(id => encoder.TrainingCount(id) == 0)
            .Select(id => encoder.Field.FirstId + id))];
    }

    /// <summary>The schema that was fitted.</summary>
    public Schema Schema { get; }

    /// <summary>F fields in id order.</summary>
    public IReadOnlyList<EncodedField> Fields { get; }

    /// <summary>N, the number of ids of all fields together.</summary>
    public int FeatureCount { get; }

    /// <summary>Number of rows that the fields were fitted on.</summary>
    public long TrainingRowCount { get; }

    /// <summary>How many of them are positive.</summary>
    public long TrainingPositiveCount { get; }

    /// <summary>
    /// Ids that no training row has, rising: nothing trains their rows, so these must start, and stay, at 0.
    /// </summary>
    /// <remarks>
    /// They are ids of unseen values where no value was rare (<c>minCount</c> 1), and quantiles' missing ids.
    /// </remarks>
    public IReadOnlyList<int> UntrainedIds { get; }

    internal IReadOnlyList<FieldEncoder> Encoders { get; }

    /// <summary>Memory of the tables that fitting counted values in, bytes; 0 where it was not fitted here.</summary>
    internal long CountTableBytes { get; init; }

    /// <summary>Bytes that <see cref="Save"/> writes at least: an id has quotes, a count and two commas beside its text.</summary>
    internal double FileBytes => Schema.Json.Length + Encoders.Sum(encoder => encoder.TextBytes + 5.0 * encoder.Field.IdCount);

    /// <summary>What joins find in the rows of each part of the training files; nothing is counted where it was not fitted here.</summary>
    internal JoinTally Joins { get => field ??= new(Schema.Joins, 1); init; }

    /// <summary>Rows of each part of the training files; none where it was not fitted here.</summary>
    internal IReadOnlyList<long> RowsOfParts { get; init; } = [];

    /// <summary>What an id stands for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public FeatureName Describe(int id)
    {
        FieldEncoder encoder = EncoderOf(id);
        return new(encoder.Field.Name, encoder.Describe(id - encoder.Field.FirstId));
    }

    /// <summary>How many training rows have an id (for a bag, how many entries; for a value, how many numbers).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public long TrainingCount(int id)
    {
        FieldEncoder encoder = EncoderOf(id);
        return encoder.TrainingCount(id - encoder.Field.FirstId);
    }

    /// <summary>Encodes files of any size, some thousand rows at a time, in file order.</summary>
    /// <param name="files">Files of the schema's format.</param>
    /// <param name="readLabels">
    /// Whether labels are needed. When not, their column may be absent or hold anything, and all labels are 0.
    /// </param>
    /// <param name="threads">Threads that parse; 0 for one a core. The result does not depend on it.</param>
    /// <param name="progress">Told after each block of text.</param>
    /// <param name="notices">Gets what reading finds doubtful, once all rows are enumerated.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    /// <returns>Each to be disposed of by the caller; none is empty.</returns>
    /// <exception cref="UserErrorException">A file or a row cannot be read; thrown while enumerating.</exception>
    public IEnumerable<EncodedData> Read(IReadOnlyList<string> files, bool readLabels = true, int threads = 0,
        IProgress<DataProgress>? progress = null, NoticeSet? notices = null, CancellationToken cancel = default) =>
        Read(files, readLabels, new ReadOptions(ReadOptions.ThreadsFor(threads), Progress: progress, Cancel: cancel)
        {
            Notices = notices ?? [],
        }, readLabels ? "test" : "given");

    /// <param name="files">Files of the schema's format.</param>
    /// <param name="readLabels">Whether labels are needed.</param>
    /// <param name="options">How they are read; gets what is doubtful once all rows are enumerated.</param>
    /// <param name="part">What the rows are called in that.</param>
    internal IEnumerable<EncodedData> Read(IReadOnlyList<string> files, bool readLabels, ReadOptions options, string part)
    {
        RowSource source = RowSource.Open(Schema, files, readLabels, options);
        ValueTally values = new(this);
        JoinTally joins = new(Schema.Joins, 1);
        foreach (EncodedBlock block in options.Files.Watch(Passes.Encode(this, source, new OnePart(), options, joins)))
        {
            using (block)
            {
                if (block.Parts[0].RowCount == 0) { continue; }
                EncodedData piece = block.Parts[0].Build();
                piece.Kept = block.Kept;
                values.Add(piece);
                yield return piece;
            }
        }
        if (values.RowCount == 0) { throw InputFile.Empty(string.Join(", ", files)); }
        options.Notices.AddRange(DataDoubts.OfFiles(this, values, joins, source.Times, part));
    }

    /// <summary>Writes all of it, the schema included, to one JSON file that is there whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => FeatureMapFile.Write(this, stream));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="UserErrorException">The file is missing or is not a whole feature map.</exception>
    public static FeatureMap Load(string path) => FeatureMapFile.Read(path, out _);

    FieldEncoder EncoderOf(int id)
    {
        Require.InRange(id, 0, FeatureCount - 1, nameof(id));
        int low = 0, high = Encoders.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Encoders[middle].Field.FirstId <= id) { low = middle; }
            else { high = middle - 1; }
        }
        return Encoders[low];
    }
}
