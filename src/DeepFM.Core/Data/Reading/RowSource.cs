using System.Text;
using DeepFM.Data.Schemas;
using DeepFM.Doubts;

namespace DeepFM.Data.Reading;

/// <summary>Files of one format, and the columns wanted from their rows.</summary>
sealed class RowSource
{
    RowSource(SourceSpec spec, IReadOnlyList<string> files)
    {
        (Spec, Files) = (spec, files);
        Comment = spec.Comment is null ? null : Encoding.UTF8.GetBytes(spec.Comment);
        Quotes = spec.Quote is { } mark ? new(spec.Separator, mark, spec.Trim, Comment) : null;
    }

    public SourceSpec Spec { get; }

    public IReadOnlyList<string> Files { get; }

    /// <summary>The wanted columns in slot order; null for all of the file's, as they are.</summary>
    public IReadOnlyList<ColumnUse>? Wanted { get; private init; }

    /// <summary>The label's column; null when the rows have none.</summary>
    public string? Label { get; private init; }

    /// <summary>Whether labels are read; when not, the label's column may be absent.</summary>
    public bool ReadLabels { get; private init; }

    /// <summary>The slots of columns that are kept as text.</summary>
    public IReadOnlyList<int> KeptSlots { get; private init; } = [];

    /// <summary>Counts the lines that are no rows; null where nobody asks.</summary>
    public SkippedLines? Skipped { get; private init; }

    /// <summary>What the rows' times look like.</summary>
    public TimesOfAnotherUnit Times { get; private init; } = new(null);

    public IReadOnlyList<SideTable> Tables { get; private init; } = [];

    /// <summary>For each table, the slot that holds its key, and whether as a pair <c>id:1</c>.</summary>
    public IReadOnlyList<(int Slot, bool IsPair)> Keys { get; private init; } = [];

    public byte[]? Comment { get; }

    /// <summary>How cells are quoted, so that rows may go on over line ends; null where they are not.</summary>
    public QuotedRows? Quotes { get; }

    /// <summary>The data files of a schema, with the tables joined to them.</summary>
    /// <exception cref="UserErrorException">A file is missing or empty.</exception>
    public static RowSource Open(Schema schema, IReadOnlyList<string> files, bool readLabels, ReadOptions options)
    {
        if (files.Count == 0) { throw new UserErrorException("No data file was named; at least one is needed."); }
        foreach (string file in files) { InputFile.RequireFile(file); }
        return new(schema.Source, files)
        {
            Wanted = [.. schema.Slots, .. options.Kept.Select(column => new ColumnUse(column, "the output", Missing: []))],
            KeptSlots = [.. options.Kept.Select((_, index) => schema.Slots.Count + index)],
            Skipped = options.Skipped,
            Times = new(schema.Timestamp),
            Label = schema.Label.Column,
            ReadLabels = readLabels,
            Tables = [.. schema.Joins.Select(join => SideTable.Load(join, SideTable.Find(join, files[0]), options))],
            Keys = [.. schema.Joins.Select(join => (schema.SlotOf(join.On, missing: []), schema.Source.HoldsPairs(join.On)))],
        };
    }

    /// <summary>A table by itself, with all its columns.</summary>
    public static RowSource OfTable(SourceSpec spec, string file) => new(spec, [file]);
}

/// <summary>How files are read.</summary>
/// <param name="Threads">Blocks parsed at a time; never changes the result.</param>
/// <param name="BlockBytes">Text parsed at a time by one thread.</param>
/// <param name="Progress">Told after each block; null for nobody.</param>
/// <param name="Cancel">Stops between two blocks.</param>
sealed record ReadOptions(int Threads, int BlockBytes = ReadOptions.DefaultBlockBytes,
    IProgress<DataProgress>? Progress = null, CancellationToken Cancel = default)
{
    public const int DefaultBlockBytes = 4 << 20;       // some 17,000 rows of Criteo

    /// <summary>The files that are read so, in all passes.</summary>
    public InputFiles Files { get; } = new();

    /// <summary>Columns that are kept as text beside the encoded rows.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Counts the lines that are no rows.</summary>
    public SkippedLines? Skipped { get; init; }

    /// <summary>Whether the first pass over the files takes their hashes too: where there is no second.</summary>
    public bool HashesAll { get; init; }

    /// <summary>Memory that may be taken, bytes; null when unknown.</summary>
    public Func<long?> Memory { get; init; } = static () => AvailableMemory.Bytes;

    /// <summary>Gets what reading finds doubtful.</summary>
    public NoticeSet Notices { get; init; } = [];

    /// <summary>One thread a core when nothing is asked for.</summary>
    public static int ThreadsFor(int asked) =>
        asked == 0 ? Environment.ProcessorCount : Require.InRange(asked, 1, 1024, nameof(asked));
}
