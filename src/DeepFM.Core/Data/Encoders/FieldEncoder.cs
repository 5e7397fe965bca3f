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

    /// <summary>Appends the field of a row.</summary>
    /// <exception cref="UserErrorException">The cell does not hold what the field needs.</exception>
    public abstract void Encode(RowReader row, EncodedDataBuilder to);

    /// <summary>The value that an id stands for, as text.</summary>
    /// <param name="localId">Counted from the field's first id.</param>
    public abstract string Describe(int localId);

    /// <summary>How many training rows have the id.</summary>
    public abstract long TrainingCount(int localId);

    /// <summary>What training showed of the field.</summary>
    public abstract FieldFigures Figures { get; }

    /// <summary>Writes what was fitted as properties of an open object.</summary>
    public abstract void Write(Utf8JsonWriter json);
}

/// <summary>Counts that <c>describe</c> reports of a field.</summary>
/// <param name="RowCount">Training rows, or a bag's entries.</param>
/// <param name="MissingCount">Those without a value.</param>
/// <param name="RareCount">Those that share the id of unseen values.</param>
/// <param name="DistinctCount">Distinct values before rare ones were merged.</param>
readonly record struct FieldFigures(long RowCount, long MissingCount, long RareCount, long DistinctCount);

/// <summary>Collects what a field's encoding needs from training rows.</summary>
/// <remarks>Several collect at a time and are merged; the result does not depend on which rows each of them saw.</remarks>
abstract class FieldFitter
{
    public abstract void Add(RowReader row);

    /// <summary>Called after the rows of a block, for sums that depend on the order of their terms.</summary>
    public virtual void EndBlock(long blockIndex) { }

    public abstract void Merge(FieldFitter other);

    /// <param name="firstId">Where the field's ids begin.</param>
    public abstract FieldEncoder Build(int firstId);
}
