using DeepFM.Data;

namespace DeepFM.Training;

/// <summary>What a line of scores has before the score.</summary>
public sealed record ScoreLines
{
    /// <summary>Whether a line begins with the row's number, from 1 over all files.</summary>
    public bool RowNumbers { get; init; }

    /// <summary>Columns of the input, as they stand there; they need be no fields.</summary>
    public IReadOnlyList<string> KeptColumns { get; init; } = [];

    /// <summary>The names of the columns that come first, each with its comma.</summary>
    internal string Header => (RowNumbers ? "row," : "") + string.Concat(KeptColumns.Select(column => CsvText.Quoted(column) + ","));

    /// <summary>Writes what comes before a row's score.</summary>
    internal void WriteStart(TextWriter writer, long row, KeptCells? kept, int keptRow)
    {
        if (RowNumbers)
        {
            writer.Write(row + 1);
            writer.Write(',');
        }
        for (int column = 0; column < KeptColumns.Count; column++)
        {
            writer.Write(CsvText.Quoted(System.Text.Encoding.UTF8.GetString(kept![keptRow, column])));
            writer.Write(',');
        }
    }
}

/// <summary>What a file of scores was made of.</summary>
/// <param name="Rows">Rows scored.</param>
/// <param name="BlankLines">Empty lines of the input, which are no rows.</param>
/// <param name="CommentLines">Lines of the input that the schema takes for comments.</param>
public readonly record struct ScoredRows(long Rows, long BlankLines, long CommentLines);
