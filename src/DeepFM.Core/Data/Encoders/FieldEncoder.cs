using System.Runtime.CompilerServices;
using System.Text.Json;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>A field's encoding, fitted: turns a row's cells into ids, numbers or bags.</summary>
abstract class FieldEncoder(EncodedField field)
{
    public const string UnseenText = "(unseen)";
    public const string MissingText = "(missing)";

    /// <summary>Where its ids lie among all fields' ids.</summary>
    public EncodedField Field { get; } = field;

    /// <summary>The field's id of a row; the number of the entries for a bag. A value, or a bag's entries, are appended.</summary>
    /// <exception cref="UserErrorException">The cell does not hold what the field needs.</exception>
    public abstract int Encode(RowReader row, EncodedDataBuilder to);

    /// <summary>The ids of the selected rows, for a field of shape <see cref="FieldShape.OneId"/>.</summary>
    /// <param name="rows">A group with rows selected.</param>
    /// <param name="ids">Overwritten: one every <paramref name="stride"/>.</param>
    /// <param name="stride">F.</param>
    /// <param name="to">What <paramref name="ids"/> belong to.</param>
    /// <exception cref="UserErrorException">A cell does not hold what the field needs.</exception>
    public virtual unsafe void EncodeSelected(RowReader rows, int* ids, int stride, EncodedDataBuilder to)
    {
        foreach (int row in rows.Selected)
        {
            rows.Row = row;
            *ids = Encode(rows, to);
            ids += stride;
        }
    }

    /// <summary>The value that an id stands for, as text.</summary>
    /// <param name="localId">Counted from the field's first id.</param>
    public abstract string Describe(int localId);

    /// <summary>How many training rows have the id.</summary>
    public abstract long TrainingCount(int localId);

    /// <summary>Bytes of the texts that have an id; 0 where ids stand for numbers.</summary>
    public virtual long TextBytes => 0;

    /// <summary>The local id of missing values; null where they have none of their own.</summary>
    public virtual int? MissingId => null;

    /// <summary>What training showed of the field.</summary>
    public abstract FieldFigures Figures { get; }

    /// <summary>Writes what was fitted as properties of an open object.</summary>
    public abstract void Write(Utf8JsonWriter json);
}

/// <summary>Counts that <c>describe</c> reports of a field.</summary>
/// <param name="RowCount">Training rows, or a bag's entries.</param>
/// <param name="MissingCount">Rows without a value, or with an empty bag.</param>
/// <param name="RareCount">Those that share the id of unseen values.</param>
/// <param name="DistinctCount">Distinct values before rare ones were merged.</param>
readonly record struct FieldFigures(long RowCount, long MissingCount, long RareCount, long DistinctCount);

/// <summary>Collects what a field's encoding needs from training rows.</summary>
/// <remarks>
/// One collects for all threads, each at its time. Rows of a block come in their order, blocks in any: the result does not
/// depend on it.
/// </remarks>
abstract class FieldFitter
{
    /// <summary>Takes the row that the reader is at.</summary>
    public abstract void Add(RowReader row);

    /// <summary>Takes the selected rows.</summary>
    public virtual void AddSelected(RowReader rows)
    {
        foreach (int row in rows.Selected)
        {
            rows.Row = row;
            Add(rows);
        }
    }

    /// <summary>Memory of what was collected, bytes: it grows with the field's distinct values.</summary>
    public virtual long TableBytes => 0;

    /// <summary>Lays out what was collected; fields do so at a time.</summary>
    public virtual void Complete() { }

    /// <summary>Memory of a table of counts: of a slot the key, the count, and three numbers that lead to them.</summary>
    protected static long DictionaryBytes<TKey>(Dictionary<TKey, long> counts)
        where TKey : unmanaged => counts.Capacity * (Unsafe.SizeOf<TKey>() + sizeof(long) + 3L * sizeof(int));

    /// <summary>The encoding; after <see cref="Complete"/>.</summary>
    /// <param name="firstId">Where the field's ids begin.</param>
    public abstract FieldEncoder Build(int firstId);
}
