using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>
/// A table held in memory whose columns are added to rows by a key. A key that is not there adds missing cells.
/// </summary>
sealed class SideTable
{
    readonly Utf8Table keys;
    readonly Cell[] cells;              // [rows, Columns.Count]
    readonly List<byte[]> texts;        // pinned; the cells point into them

    SideTable(JoinSpec join, IReadOnlyList<string> columns, Utf8Table keys, Cell[] cells, List<byte[]> texts) =>
        (Missing, Columns, this.keys, this.cells, this.texts) = (join.Source.Missing, columns, keys, cells, texts);

    /// <summary>The added columns: all but the key.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Texts of its cells that mean a missing value, where who reads them does not say otherwise.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Finds the table beside a data file, plain or with <c>.gz</c>.</summary>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public static string Find(JoinSpec join, string dataFile)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(dataFile))!;
        string path = Path.Combine(folder, join.File);
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw new UserErrorException($"{path}: there is no such file, nor one with .gz. The schema joins it by "
                + $"'{join.On}', and it is looked for in the folder of the first data file; put it there.");
    }

    /// <exception cref="UserErrorException">The table is malformed, or a key is there twice.</exception>
    public static SideTable Load(JoinSpec join, string file, ReadOptions options)
    {
        InputFile.RequireFile(file);
        RowSource source = RowSource.OfTable(join.Source, file);
        Utf8Table keys = new();
        List<Cell> cells = [];
        List<byte[]> texts = [];
        FileLayout? layout = null;
        int keyCell = -1;
        foreach (TextBlock block in new BlockReader(source, options with { Progress = null }, "join", hashes: true).Read())
        {
            texts.Add(block.Buffer);        // never back to the pool: the block is not disposed of
            layout ??= block.Layout;
            keyCell = layout.Names.ToList().IndexOf(join.Key);
            if (keyCell < 0)
            {
                throw SchemaCheck.NoColumn(file, join.Key, "the schema's join", [.. layout.Names], join.Source, [join.Key]);
            }
            if (layout.Names.Count(name => name == join.Key) > 1) { throw FileLayout.Twice(file, join.Key, "the schema's join"); }
            RowReader row = new(source, block);
            while (row.NextRow())
            {
                int count = keys.Count;
                if (keys.GetOrAdd(row[keyCell].Text) < count)
                {
                    throw new UserErrorException(
                        $"{file}, line {row.Line}: the key '{row[keyCell].Shown}' is there twice; each must be there once.");
                }
                for (int cell = 0; cell < layout.Names.Count; cell++)
                {
                    if (cell == keyCell) { continue; }
                    cells.Add(row[cell]);
                }
            }
        }
        return new(join, [.. layout!.Names.Where((_, cell) => cell != keyCell)], keys, [.. cells], texts);
    }

    /// <summary>Overwrites <paramref name="into"/> with the row of a key; false when there is none.</summary>
    public bool CopyRow(in Cell key, Span<Cell> into)
    {
        int row = key.IsMissing ? -1 : keys.Find(key.Text);
        if (row < 0) { into.Clear(); }
        else { cells.AsSpan(row * Columns.Count, Columns.Count).CopyTo(into); }
        return row >= 0;
    }
}
