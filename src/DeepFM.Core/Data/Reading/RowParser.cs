using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Splits a line into cells. It may write into the line: quotes are undone in place.</summary>
abstract unsafe class RowParser
{
    public static RowParser Create(SourceSpec source, bool hasLabel) => source.Format switch
    {
        SourceFormat.Delimited => new DelimitedParser(source),
        SourceFormat.LibFm => new LibFmParser(hasLabel, namesPositions: source.Columns is not null),
        _ => new LibFfmParser(hasLabel),
    };

    /// <summary>What is wrong with the line when <see cref="Split"/> returned -1.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Writes the first cells of the line, without its line end.</summary>
    /// <returns>The number of cells that the line has, or -1 for a <see cref="Problem"/>.</returns>
    public abstract int Split(byte* line, int length, Span<Cell> cells);

    /// <summary>The next run of other bytes than blanks and tabs; false at the end of the line.</summary>
    protected static bool NextToken(ref byte* at, byte* end, out Cell token)
    {
        while (at < end && *at is (byte)' ' or (byte)'\t') { at++; }
        byte* start = at;
        while (at < end && *at is not ((byte)' ' or (byte)'\t')) { at++; }
        token = new(start, (int)(at - start));
        return at > start;
    }
}
