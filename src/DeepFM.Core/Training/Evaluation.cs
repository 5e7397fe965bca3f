using System.Runtime.InteropServices;
using DeepFM.Data;
using DeepFM.Layers;
using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>A model's figures on rows with labels.</summary>
public static class Evaluation
{
    const int SliceRows = 1000 * Tile.ScoredRows;       // between two looks at the cancellation; whole tiles

    /// <summary>Scores all rows and computes the figures over them.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="data">Rows with labels.</param>
    /// <param name="groupField">A field whose ids group the rows for grouped AUC, or null for none.</param>
    /// <param name="cancel">Stops between slices.</param>
    /// <exception cref="UserErrorException">There is no such field, it has no single id, or there are no rows.</exception>
    /// <exception cref="ObjectDisposedException">The engine or the data were disposed of.</exception>
    public static EvaluationMetrics Evaluate(Engine engine, EncodedData data, string? groupField = null,
        CancellationToken cancel = default) => Evaluate(engine, data, groupField, out _, cancel);

    /// <summary>The same, and the logits that it took, [B].</summary>
    internal static EvaluationMetrics Evaluate(Engine engine, EncodedData data, string? groupField, out float[] logits,
        CancellationToken cancel)
    {
        using Lifetime.Call reading = data.Enter();             // its labels lie outside the collected heap
        logits = new float[data.RowCount];
        for (int row = 0; row < logits.Length; row += SliceRows)
        {
            AmbientCancellation.ThrowIfRequested(cancel);
            engine.Score(data, row, logits.AsSpan(row, Math.Min(SliceRows, logits.Length - row)));
        }
        return EvaluationMetrics.Of(logits, data.Labels, GroupIds(data, groupField));
    }

    /// <summary>Scores rows that come in pieces and computes the figures over all of them.</summary>
    /// <remarks>The same figures however the rows are cut into pieces. Keeps 8 to 12 bytes a row: logit, label and group.</remarks>
    /// <exception cref="UserErrorException">There is no such field, it has no single id, or there are no rows.</exception>
    public static EvaluationMetrics Evaluate(Engine engine, IEnumerable<EncodedData> pieces, string? groupField = null,
        CancellationToken cancel = default)
    {
        List<float> logits = [], labels = [];
        List<int> groups = [];
        foreach (ReadOnlyMemory<float> scores in PieceScores.Of(engine, pieces, Note, cancel)) { logits.AddRange(scores.Span); }
        return EvaluationMetrics.Of(CollectionsMarshal.AsSpan(logits), CollectionsMarshal.AsSpan(labels),
            CollectionsMarshal.AsSpan(groups));

        void Note(EncodedData piece)
        {
            labels.AddRange(piece.Labels);
            groups.AddRange(GroupIds(piece, groupField));
        }
    }

    static int[] GroupIds(EncodedData data, string? groupField)
    {
        if (groupField is null) { return []; }
        int f = FieldIndex(data.Fields, groupField);
        int[] groups = new int[data.RowCount];
        for (int row = 0; row < groups.Length; row++) { groups[row] = data.Ids(row)[f]; }
        return groups;
    }

    /// <summary>The position of the field that groups rows.</summary>
    /// <exception cref="UserErrorException">There is no such field, or it has no single id.</exception>
    internal static int FieldIndex(IReadOnlyList<EncodedField> fields, string name)
    {
        for (int f = 0; f < fields.Count; f++)
        {
            if (fields[f].Name != name) { continue; }
            return fields[f].Shape == FieldShape.OneId ? f : throw new UserErrorException(
                $"groupField={name} is not allowed: rows are grouped by a field with one id a row; '{name}' is a " +
                $"{(fields[f].Shape == FieldShape.Bag ? "bag of ids" : "number")}.");
        }
        throw UnknownName.Error("field", name, [.. fields.Select(field => field.Name)]);
    }
}
