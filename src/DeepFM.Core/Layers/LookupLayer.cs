using DeepFM.Data;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>An embedding of the model: where its columns lie, and what its gradient is made of.</summary>
/// <param name="Columns">In the feature table.</param>
/// <param name="Signal">e, [B, F, K]; the gradient is null when only sums over fields use it.</param>
/// <param name="PairFactor">How many pair sums of it are in the logit.</param>
/// <param name="PairSum">Σ_f e_f as the pair sum wrote it, [B, K].</param>
/// <param name="FieldSumGradient">∂L/∂(Σ_f e_f), [B, K].</param>
sealed record EmbeddingPart(TableColumns Columns, Signal Signal, int PairFactor, Slab? PairSum, Slab? FieldSumGradient);

/// <summary>Reads the feature table: embeddings of all fields, and the first-order terms, which start the logit.</summary>
/// <remarks>
/// e_f = Σ_j x_fj·V[id_fj] and z = Σ_f Σ_j x_fj·w[id_fj]. Backward puts the gradient of each field's row together, all
/// columns side by side, [F, B, P], for <see cref="TableUpdate"/>.
/// <para>A bag whose entries are features of their own adds Σ_{i&lt;j} ⟨x_i·V_i, x_j·V_j⟩ over them here to what
/// <see cref="PairSumLayer"/> takes over fields. Each entry then has a gradient of its own, x_j·(S − x_j·V_j) with S = Σ_f e_f:
/// Backward leaves S, and <see cref="TableUpdate"/> takes off the entry's share.</para>
/// </remarks>
sealed unsafe class LookupLayer : Layer
{
    const int LargestRegister = 16;                 // floats
    const int RowsAhead = 2, IdsAhead = 8;          // samples

    readonly FeatureTable table;
    readonly EmbeddingPart[] embeddings;
    readonly int[] linearColumns;
    readonly StepState state;
    readonly FieldShape[] shapes;
    readonly bool[] pairsWithin;
    readonly int[] runs;                            // from each field on, how many adjoining ones have one id a row
    readonly int batchSize;
    readonly bool isPlainOneWeight;                 // and all fields have one id a row
    readonly NativeBuffer<float> masks;             // [1 + embeddings, P]: first-order columns, then each embedding's
    readonly NativeBuffer<float>? gradients;        // [F, B, P]
    readonly NativeBuffer<float>? pairFactors;      // [P], of each column; where bags have pairs
    readonly NativeBuffer<float>? noValue;          // zeros, an embedding and two registers

    public LookupLayer(FeatureTable table, IReadOnlyList<EncodedField> fields, IReadOnlyList<EmbeddingPart> embeddings,
        LayerContext context)
    {
        this.table = table;
        this.embeddings = [.. embeddings];
        linearColumns = [.. table.Columns.Where(columns => columns.IsLinear).Select(columns => columns.First)];
        state = context.State;
        shapes = [.. fields.Select(field => field.Shape)];
        pairsWithin = [.. fields.Select(field => field is { Shape: FieldShape.Bag, PairsWithin: true })];
        runs = new int[shapes.Length];
        for (int f = shapes.Length - 1; f >= 0; f--)
        {
            runs[f] = shapes[f] != FieldShape.OneId ? 0 : 1 + (f + 1 < shapes.Length ? runs[f + 1] : 0);
        }
        isPlainOneWeight = IsOneWeight && runs[0] == shapes.Length;
        batchSize = context.BatchSize;
        masks = Own(new NativeBuffer<float>((long)table.Width * (1 + embeddings.Count)));
        foreach (int column in linearColumns) { masks.Span[column] = 1; }
        for (int i = 0; i < embeddings.Count; i++)
        {
            masks.Slice((long)table.Width * (1 + i) + embeddings[i].Columns.First, embeddings[i].Columns.Count).Fill(1);
        }
        if (pairsWithin.Contains(true) && embeddings.Any(part => part.PairFactor > 0))
        {
            pairFactors = Own(new NativeBuffer<float>(table.Width));
            foreach (EmbeddingPart part in embeddings)
            {
                pairFactors.Slice(part.Columns.First, part.Columns.Count).Fill(part.PairFactor);
            }
            noValue = Own(new NativeBuffer<float>(embeddings.Max(part => part.Columns.Count) + 2 * LargestRegister));
        }
        if (context.Trains && !IsOneWeight)
        {
            gradients = Own(new NativeBuffer<float>((long)fields.Count * batchSize * table.Width));
        }
    }

    /// <summary>Whether a row is one first-order weight: then every field's gradient is that of the logit.</summary>
    public bool IsOneWeight => table.Width == 1 && embeddings.Length == 0;

    /// <summary>The gradients of field f's rows before weights and values, [B, P].</summary>
    public float* Gradients(int field) => gradients == null
        ? state.GradLogits
        : gradients.Pointer + (nint)field * batchSize * table.Width;

    /// <summary>Pair sums of each column in which a field's entries stand for themselves, [P]; null when they do in none.</summary>
    public float* PairFactors(int field) => pairFactors == null || !pairsWithin[field] ? null : pairFactors.Pointer;

    public override void Forward(in Tile tile)
    {
        RowMemory data = state.Data;
        int last = tile.FirstRow + tile.RowCount - 1;
        for (int place = tile.FirstRow; place <= last; place++)
        {
            int row = state.RowAt(place);
            if (isPlainOneWeight)
            {
                if (place + IdsAhead <= last) { data.PrefetchIds(state.RowAt(place + IdsAhead)); }
                state.Logits[place] = OneWeights(data.Ids(row), state.Ids(0) + place);
                continue;
            }
            // A row of the table is asked for two samples ahead, and the ids that name it some more.
            if (place + IdsAhead <= last) { data.PrefetchIds(state.RowAt(place + IdsAhead)); }
            if (place + RowsAhead <= last) { PrefetchRows(data.Ids(state.RowAt(place + RowsAhead))); }
            Sample sample = new(data.Ids(row), data.Values(row), data.BagIds(row), data.BagWeights(row));
            float linear = 0;
            if (tile.Training)
            {
                int* ids = state.Ids(0) + place;
                foreach (int id in sample.Ids)
                {
                    *ids = id;
                    ids += state.IdStride;
                }
            }
            foreach (int column in linearColumns) { linear += Linear(sample, column); }
            foreach (EmbeddingPart part in embeddings)
            {
                Slab e = part.Signal.Value;
                linear += Embed(sample, part, e.At(tile) + (nint)(place - tile.FirstRow) * e.Stride);
            }
            state.Logits[place] = linear;
        }
    }

    public override void Backward(in Tile tile)
    {
        if (gradients == null) { return; }
        Span<RowPart> parts = stackalloc RowPart[embeddings.Length];
        for (int i = 0; i < parts.Length; i++) { parts[i] = PartOf(embeddings[i], i, tile); }
        Span<RowPart> ofPairs = stackalloc RowPart[parts.Length];
        for (int f = 0; f < shapes.Length; f++)
        {
            bool isPaired = PairFactors(f) != null;
            if (isPaired) { SetWithoutValues(ofPairs, parts, f); }
            Kernels.Current.RowGradients(isPaired ? ofPairs : parts, f, state.GradLogits + tile.FirstRow, tile.RowCount, masks.Pointer,
                table.Width, Gradients(f) + (nint)tile.FirstRow * table.Width);
        }
    }

    RowPart PartOf(EmbeddingPart part, int index, in Tile tile) => new()
    {
        Column = part.Columns.First,
        Size = part.Columns.Count,
        Mask = masks.Pointer + (nint)(1 + index) * table.Width,
        Gradient = part.Signal.Gradient == null ? null : part.Signal.Gradient.At(tile),
        GradientStride = part.Signal.Gradient?.Stride ?? 0,
        PairFactor = part.PairFactor,
        Value = part.Signal.Value.At(tile),
        ValueStride = part.Signal.Value.Stride,
        FieldSum = part.PairSum == null ? null : part.PairSum.At(tile),
        FieldSumStride = part.PairSum?.Stride ?? 0,
        SumGradient = part.FieldSumGradient == null ? null : part.FieldSumGradient.At(tile),
        SumGradientStride = part.FieldSumGradient?.Stride ?? 0,
    };

    // The sum over all features, with the field's own.
    void SetWithoutValues(Span<RowPart> to, ReadOnlySpan<RowPart> parts, int field)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            to[i] = parts[i];
            to[i].Value = noValue!.Pointer + LargestRegister - (nint)field * parts[i].Size;
            to[i].ValueStride = 0;
        }
    }

    // Writes the embeddings of a sample; returns the pairs inside its bags as they count in the logit.
    float Embed(in Sample sample, EmbeddingPart part, float* e)
    {
        TableColumns columns = part.Columns;
        int size = columns.Count, value = 0, entry = 0;
        float pairs = 0;
        float* column = table.Row(0) + columns.First;
        for (int f = 0; f < shapes.Length;)
        {
            if (runs[f] > 0)
            {
                // Whole registers spill into the next fields, which are written next, but never past the row.
                int spilling = Math.Min(f + runs[f], shapes.Length - (LargestRegister + size - 1) / size);
                fixed (int* ids = sample.Ids)
                {
                    Kernels.Current.Gather(column, table.Stride, ids + f, runs[f], Math.Max(spilling - f, 0), size,
                        e + (nint)f * size);
                }
                f += runs[f];
                continue;
            }
            float* to = e + (nint)f * size;
            int id = sample.Ids[f];
            if (pairsWithin[f] && part.PairFactor > 0)
            {
                fixed (int* ids = sample.BagIds)
                fixed (float* weights = sample.BagWeights)
                {
                    pairs += Kernels.Current.BagPairSum(column, table.Stride, ids + entry, weights + entry, id, size, to);
                }
                entry += id;
                f++;
                continue;
            }
            new Span<float>(to, size).Clear();
            if (shapes[f] == FieldShape.Value)
            {
                Kernels.Current.AddScaled(table.Row(id) + columns.First, sample.Values[value++], to, size);
            }
            else
            {
                for (int end = entry + id; entry < end; entry++)
                {
                    Kernels.Current.AddScaled(table.Row(sample.BagIds[entry]) + columns.First,
                        sample.BagWeights[entry], to, size);
                }
            }
            f++;
        }
        return part.PairFactor * pairs;
    }

    // Logistic regression on categorical fields: Σ_f w[id_f]; the processor overlaps the reads of several samples.
    float OneWeights(ReadOnlySpan<int> ids, int* toIds)
    {
        float* weights = table.Row(0);
        float even = 0, odd = 0;
        int f = 0;
        for (; f < ids.Length - 1; f += 2, toIds += 2 * state.IdStride)
        {
            int first = ids[f], second = ids[f + 1];
            toIds[0] = first;
            toIds[state.IdStride] = second;
            even += weights[first];
            odd += weights[second];
        }
        if (f < ids.Length)
        {
            *toIds = ids[f];
            even += weights[ids[f]];
        }
        return even + odd;
    }

    float Linear(in Sample sample, int column)
    {
        float sum = 0;
        int value = 0, entry = 0;
        for (int f = 0; f < shapes.Length; f++)
        {
            int id = sample.Ids[f];
            switch (shapes[f])
            {
                case FieldShape.OneId: sum += table.Row(id)[column]; break;
                case FieldShape.Value: sum += sample.Values[value++] * table.Row(id)[column]; break;
                default:
                    for (int end = entry + id; entry < end; entry++)
                    {
                        sum += sample.BagWeights[entry] * table.Row(sample.BagIds[entry])[column];
                    }
                    break;
            }
        }
        return sum;
    }

    void PrefetchRows(ReadOnlySpan<int> ids)
    {
        for (int f = 0; f < ids.Length; f++)
        {
            if (shapes[f] == FieldShape.OneId) { Cache.Prefetch(table.Row(ids[f]), table.Width); }
        }
    }

    readonly ref struct Sample(ReadOnlySpan<int> ids, ReadOnlySpan<float> values, ReadOnlySpan<int> bagIds,
        ReadOnlySpan<float> bagWeights)
    {
        public readonly ReadOnlySpan<int> Ids = ids;
        public readonly ReadOnlySpan<float> Values = values;
        public readonly ReadOnlySpan<int> BagIds = bagIds;
        public readonly ReadOnlySpan<float> BagWeights = bagWeights;
    }
}
