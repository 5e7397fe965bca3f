using DeepFM.Data;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Layers;

/// <summary>Steps the rows of the feature table, field by field.</summary>
/// <remarks>
/// Fields own disjoint ids, so each field is one thread's task and nothing needs a lock. Duplicates inside the batch are
/// summed in sample order, and each row is stepped once: the result does not depend on the number of threads.
/// <para>A step in one pass, where possible: sum, then step, while the sums are in the cache. A norm limit needs the
/// norm of all gradients first, and stepping all rows needs to know which ones were touched: then two passes.</para>
/// </remarks>
sealed unsafe class TableUpdate : IDisposable
{
    const int RowsOfTask = 4096;        // of the pass over all rows

    readonly FeatureTable table;
    readonly IReadOnlyList<EncodedField> fields;
    readonly LookupLayer lookup;
    readonly StepState state;
    readonly TrainingOptions options;
    readonly GradientSums[] sums;               // one a field in two passes, else one a thread
    readonly int[]? slotOf;                     // [N], slot + 1 in the field's sums; when all rows are stepped
    readonly NativeBuffer<float> l2, noL2, zero;        // [P]
    readonly double[] squaredNorms;             // one a task that computes one

    public TableUpdate(FeatureTable table, IReadOnlyList<EncodedField> fields, LookupLayer lookup,
        TrainingOptions options, LayerContext context)
    {
        this.table = table;
        this.fields = fields;
        this.lookup = lookup;
        this.options = options;
        state = context.State;
        bool decays = options.EmbeddingL2 != 0 || options.LinearL2 != 0;
        StepsAllRows = options.UpdateRows == TableRows.All || (decays && options.L2Rows == TableRows.All);
        IsOnePass = !StepsAllRows && options.ClipNorm == 0;
        sums = new GradientSums[IsOnePass ? context.Threads : fields.Count];
        for (int i = 0; i < sums.Length; i++) { sums[i] = new(table.Width); }
        slotOf = StepsAllRows ? new int[table.FeatureCount] : null;
        squaredNorms = new double[StepsAllRows ? RowTaskCount : fields.Count];
        l2 = new(table.Width);
        noL2 = new(table.Width);
        zero = new(table.Width);
        foreach (TableColumns columns in table.Columns)
        {
            l2.Slice(columns.First, columns.Count).Fill(columns.IsLinear ? options.LinearL2 : options.EmbeddingL2);
        }
    }

    /// <summary>Whether <see cref="GradientTask"/> steps the rows too, and there are no <see cref="StepTask"/>s.</summary>
    public bool IsOnePass { get; }

    /// <summary>Tasks of the second pass.</summary>
    public int StepTaskCount => IsOnePass ? 0 : StepsAllRows ? RowTaskCount : fields.Count;

    /// <summary>Factor on the gradients, below 1 when the norm is clipped. Set before the rows are stepped.</summary>
    public float GradientScale { get; set; } = 1;

    /// <summary>The step's constants. Set before the rows are stepped.</summary>
    public OptimizerStep Step { get; set; }

    bool StepsAllRows { get; }

    int RowTaskCount => (int)((table.FeatureCount + RowsOfTask - 1L) / RowsOfTask);

    /// <summary>Sums a field's gradients by id; in one pass, steps its rows.</summary>
    public void GradientTask(int field, int thread)
    {
        GradientSums sum = sums[IsOnePass ? thread : field];
        if (IsOnePass && fields[field].Shape == FieldShape.OneId && lookup.IsOneWeight)
        {
            StepOneWeights(field, sum);
            return;
        }
        Accumulate(field, sum);
        if (IsOnePass)
        {
            StepRows(sum.Ids, sum.Count, sum.Values, l2.Pointer);
            sum.Clear();
        }
        else if (slotOf != null)
        {
            for (int slot = 0; slot < sum.Count; slot++) { slotOf[sum.Ids[slot]] = slot + 1; }
        }
    }

    /// <summary>Leaves Σ (gradient + λw)² of a second-pass task; <see cref="SquaredNorm"/> adds them up.</summary>
    public void NormTask(int task)
    {
        double total = 0;
        if (StepsAllRows)
        {
            for (RowRange rows = RowsOf(task); rows.Id < rows.End; rows.Id++)
            {
                float* gradient = GradientOf(ref rows, out float* decay);
                total += SquaredNormOf(rows.Id, gradient, decay);
            }
        }
        else
        {
            GradientSums sum = sums[task];
            for (int slot = 0; slot < sum.Count; slot++)
            {
                total += SquaredNormOf(sum.Ids[slot], sum.Values + (nint)slot * table.Width, l2.Pointer);
            }
        }
        squaredNorms[task] = total;
    }

    /// <summary>The squared norm of the table's gradient, penalties included, once all norm tasks are done.</summary>
    public double SquaredNorm() => squaredNorms.Sum();

    /// <summary>Steps the rows of a field, or a range of all rows.</summary>
    public void StepTask(int task)
    {
        if (StepsAllRows)
        {
            for (RowRange rows = RowsOf(task); rows.Id < rows.End; rows.Id++)
            {
                float* gradient = GradientOf(ref rows, out float* decay);
                int id = rows.Id;
                StepRows(&id, 1, gradient, decay);
            }
        }
        else
        {
            StepRows(sums[task].Ids, sums[task].Count, sums[task].Values, l2.Pointer);
        }
    }

    /// <summary>Forgets the batch's gradients, once the second pass is over.</summary>
    public void Clear()
    {
        if (IsOnePass) { return; }
        foreach (GradientSums sum in sums)
        {
            for (int slot = 0; slotOf != null && slot < sum.Count; slot++) { slotOf[sum.Ids[slot]] = 0; }
            sum.Clear();
        }
    }

    /// <summary>The loss's gradient in a field's rows, without penalties: for tests and studies.</summary>
    public void Read(int field, Action<int, ReadOnlySpan<float>> read)
    {
        using GradientSums sum = new(table.Width);
        Accumulate(field, sum);
        for (int slot = 0; slot < sum.Count; slot++)
        {
            read(sum.Ids[slot], new(sum.Values + (nint)slot * table.Width, table.Width));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GradientSums sum in sums) { sum.Dispose(); }
        l2.Dispose();
        noL2.Dispose();
        zero.Dispose();
    }

    void Accumulate(int field, GradientSums sum)
    {
        int B = state.BatchSize, P = table.Width;
        int* ids = state.Ids(field);
        float* gradients = lookup.Gradients(field);
        switch (fields[field].Shape)
        {
            case FieldShape.OneId:
                sum.Reserve(Math.Min(B, fields[field].IdCount), B);
                Kernels.Current.AccumulateOneId(ids, B, gradients, P, ref sum.Slots, sum.Values);
                break;
            case FieldShape.Value:
                sum.Reserve(Math.Min(B, fields[field].IdCount), B);
                int value = 0;
                for (int f = 0; f < field; f++) { value += fields[f].Shape == FieldShape.Value ? 1 : 0; }
                for (int b = 0; b < B; b++)
                {
                    Kernels.Current.AccumulateEntry(ids[b], state.Data.Values(state.RowAt(b))[value],
                        gradients + (nint)b * P, P, ref sum.Slots, sum.Values);
                }
                break;
            default:
                AccumulateBag(field, ids, gradients, sum);
                break;
        }
    }

    void AccumulateBag(int field, int* counts, float* gradients, GradientSums sum)
    {
        int B = state.BatchSize, P = table.Width;
        long entries = 0;
        for (int b = 0; b < B; b++) { entries += counts[b]; }
        sum.Reserve((int)Math.Min(entries, fields[field].IdCount), entries);
        float* pairFactors = lookup.PairFactors(field);
        for (int b = 0; b < B; b++)
        {
            int row = state.RowAt(b), first = 0;
            for (int f = 0; f < field; f++)                     // the row's bags lie one after the other
            {
                if (fields[f].Shape == FieldShape.Bag) { first += state.Ids(f)[b]; }
            }
            ReadOnlySpan<int> ids = state.Data.BagIds(row).Slice(first, counts[b]);
            ReadOnlySpan<float> weights = state.Data.BagWeights(row).Slice(first, counts[b]);
            float* gradient = gradients + (nint)b * P;
            for (int j = 0; j < ids.Length; j++)
            {
                if (pairFactors == null)
                {
                    Kernels.Current.AccumulateEntry(ids[j], weights[j], gradient, P, ref sum.Slots, sum.Values);
                    continue;
                }
                Kernels.Current.AccumulatePairedEntry(ids[j], weights[j], gradient, state.GradLogits[b], pairFactors,
                    table.Row(ids[j]), P, ref sum.Slots, sum.Values);
            }
        }
    }

    void StepOneWeights(int field, GradientSums sum)
    {
        int B = state.BatchSize;
        sum.Reserve(B + 1, 1);
        float* states = table.State(0, 0);
        int touched = OneWeightKernel.Accumulate(states, state.Ids(field), lookup.Gradients(field), B, sum.Ids, 0);
        OneWeightKernel.Step(options.Optimizer, table.Row(0), states, sum.Ids, touched, *l2.Pointer, Step);
    }

    void StepRows(int* ids, int count, float* gradients, float* decay)
    {
        if (table.Width == 1)
        {
            OneWeightKernel.Step(options.Optimizer, table.Row(0), table.State(0, 0), ids, count, gradients, GradientScale, *decay, Step);
            return;
        }
        Kernels.Current.StepRows(options.Optimizer, table.Row(0), table.Stride, table.Width, ids, count, gradients,
            GradientScale, decay, Step);
    }

    double SquaredNormOf(int id, float* gradient, float* decay)
    {
        double total = 0;
        float* row = table.Row(id);
        for (int p = 0; p < table.Width; p++)
        {
            double g = gradient[p] + (double)decay[p] * row[p];
            total += g * g;
        }
        return total;
    }

    RowRange RowsOf(int task) =>
        new() { Id = task * RowsOfTask, End = (int)Math.Min(table.FeatureCount, (task + 1L) * RowsOfTask) };

    // The batch's gradient of the range's row, or zeros, and the λ that its columns decay with.
    float* GradientOf(ref RowRange rows, out float* decay)
    {
        while (rows.Id >= fields[rows.Field].FirstId + fields[rows.Field].IdCount) { rows.Field++; }
        int slot = slotOf![rows.Id] - 1;
        decay = slot >= 0 || options.L2Rows == TableRows.All ? l2.Pointer : noL2.Pointer;
        return slot < 0 ? zero.Pointer : sums[rows.Field].Values + (nint)slot * table.Width;
    }

    // A walk over adjoining rows, and the field that the present one belongs to.
    struct RowRange
    {
        public int Id, End, Field;
    }
}
