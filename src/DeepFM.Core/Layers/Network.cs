using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Layers;

/// <summary>A model definition turned into layers and the memory between them.</summary>
sealed class Network : IDisposable
{
    readonly ModelDefinition definition;
    readonly DenseParameters parameters;
    readonly LayerContext context;
    readonly Dictionary<Node, Signal> signals = [];
    readonly Dictionary<(JoinNode, int), Signal> copies = [];       // inputs of a join that cannot stand in place
    readonly HashSet<Node> written = [];                            // nodes whose gradient a later layer has written
    readonly List<IDisposable> owned = [];
    readonly bool keepsBatches;

    /// <summary>Builds the layers.</summary>
    public Network(ModelDefinition definition, FeatureTable table, IReadOnlyList<EncodedField> fields,
        DenseParameters parameters, LayerContext context)
    {
        this.definition = definition;
        this.parameters = parameters;
        this.context = context;
        // In training all tiles must be kept between the two halves of a batch norm.
        keepsBatches = context.Trains && HasNorm(definition);
        AllocateSignals();

        Dictionary<EmbedNode, Slab> pairSums = [];
        List<Layer> backward = [];                                  // built in backward order: who writes first?
        foreach (Node node in definition.Nodes.Reverse()) { backward.AddRange(LayersOf(node, pairSums).Reverse()); }
        backward.Reverse();
        Lookup = new(table, fields, [.. definition.Nodes.OfType<EmbedNode>().Select(node => PartOf(node, table, pairSums))],
            context);
        Layers = [Lookup, .. backward];
        owned.AddRange(Layers);
    }

    /// <summary>In forward order; the lookup is first.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Reads the feature table.</summary>
    public LookupLayer Lookup { get; }

    /// <summary>Memory of the numbers between the layers, bytes.</summary>
    public long SlabBytes => owned.OfType<Slab>().Sum(slab => slab.Bytes);

    /// <summary>What <see cref="SlabBytes"/> will be in training.</summary>
    public static double SlabBytesOf(ModelDefinition definition, int batchSize, int threads)
    {
        bool keepsBatches = HasNorm(definition);
        double bytes = 0;
        foreach (Node node in definition.Nodes)
        {
            if (node is PairSumNode pairs) { Add(pairs.Input.Size, keepsBatches); }
            if (node is DenseNode { BatchNorm: true }) { Add(node.Width, keepsBatches); }
            IEnumerable<JoinNode> joins = definition.Nodes.OfType<JoinNode>().Where(join => join.Inputs.Contains(node));
            if (!HasSignal(node) || joins.Any(join => StandsInPlace(definition, node, join))) { continue; }
            Add(node.Width, keepsBatches || IsDenseInput(definition, node));
            Add(node.Width, keepsBatches || node is DenseNode);
        }
        return bytes;

        void Add(int width, bool perBatch) => bytes += Slab.BytesOf(batchSize, threads, width, perBatch);
    }

    /// <inheritdoc/>
    public void Dispose() => owned.ForEach(memory => memory.Dispose());

    static bool HasNorm(ModelDefinition definition) => definition.Nodes.OfType<DenseNode>().Any(dense => dense.BatchNorm);

    static bool HasSignal(Node node) => node is not (BiasNode or LinearNode or PairSumNode or OutputNode);

    void AllocateSignals()
    {
        foreach (Node node in definition.Nodes.Reverse())           // a join comes before its inputs
        {
            if (!HasSignal(node)) { continue; }
            if (!signals.ContainsKey(node)) { signals[node] = Allocate(node); }
            if (node is not JoinNode join) { continue; }
            for (int i = 0, offset = 0; i < join.Inputs.Count; offset += join.Inputs[i++].Width)
            {
                Signal whole = signals[join];
                Signal place = new(whole.Value.Slice(offset), whole.Gradient?.Slice(offset));
                if (!StandsInPlace(definition, join.Inputs[i], join) || !signals.TryAdd(join.Inputs[i], place))
                {
                    copies[(join, i)] = place;
                }
            }
        }
    }

    // An input is computed in its place inside the join, unless it needs a place of its own: a dense layer keeps its
    // gradient for the whole batch, and a user after the join would meet the join's gradient before it is complete.
    static bool StandsInPlace(ModelDefinition definition, Node input, JoinNode join) =>
        input is not DenseNode
        && !definition.Nodes.Skip(join.Index + 1).Any(user => user.Sources.Contains(input));

    Signal Allocate(Node node) => new(
        NewSlab(node.Width, perBatch: keepsBatches || (context.Trains && IsDenseInput(definition, node))),
        context.Trains ? NewSlab(node.Width, perBatch: keepsBatches || node is DenseNode) : null);

    // The weight gradients of a dense layer need its inputs for the whole batch.
    static bool IsDenseInput(ModelDefinition definition, Node node) =>
        definition.Nodes.OfType<DenseNode>().Any(dense => dense.Input == node)
        || (node is JoinNode join && join.Inputs.Any(input => IsDenseInput(definition, input)));

    Slab NewSlab(int width, bool perBatch)
    {
        Slab slab = perBatch ? Slab.OfBatch(context.BatchSize, context.Threads, width) : Slab.OfTiles(context.Threads, width);
        owned.Add(slab);
        return slab;
    }

    // Called in backward order, so that the first layer to ask writes a gradient and the others add to it.
    bool AddsTo(Node input) => !written.Add(input);

    IEnumerable<Layer> LayersOf(Node node, Dictionary<EmbedNode, Slab> pairSums)
    {
        switch (node)
        {
            case BiasNode bias:
                return [new BiasLayer(parameters[bias.Name], context)];
            case PairSumNode pairs:
                Slab sum = NewSlab(pairs.Input.Size, keepsBatches);
                pairSums[pairs.Input] = sum;
                return [new PairSumLayer(pairs, signals[pairs.Input].Value, sum, context.State)];
            case FieldSumNode fieldSum:
                return [new FieldSumLayer(fieldSum, signals[fieldSum.Input].Value, signals[fieldSum].Value)];
            case InnerProductsNode inner:
                return [new InnerProductsLayer(inner, signals[inner.Input], signals[inner], AddsTo(inner.Input), context)];
            case OuterProductNode outer:
                return [new OuterProductLayer(outer, signals[outer.Input], signals[outer], AddsTo(outer.Input))];
            case OutputNode output:
                return [new OutputLayer(output, signals[output.Input], AddsTo(output.Input), parameters, context)];
            case DenseNode dense:
                return DenseLayers(dense);
            case JoinNode join:
                return JoinLayers(join);
            default:
                return [];
        }
    }

    IEnumerable<Layer> DenseLayers(DenseNode dense)
    {
        Signal x = signals[dense.Input], y = signals[dense];
        bool adds = AddsTo(dense.Input);
        if (!dense.BatchNorm) { return [new DenseLayer(dense, x, y, adds, parameters, context)]; }

        Signal z = new(NewSlab(dense.Width, keepsBatches), y.Gradient);
        BatchNormState norm = new(dense, parameters, context);
        owned.Add(norm);
        return
        [
            new DenseLayer(dense, x, z, adds, parameters, context),
            new BatchNormStatisticsLayer(norm, z, y.Gradient, context),
            new BatchNormApplyLayer(norm, z, y, context),
        ];
    }

    List<Layer> JoinLayers(JoinNode join)
    {
        List<Layer> layers = [];
        // In place, the join's gradient is the input's. These come first: an input that stands in a join twice is copied
        // to its second place, and what comes back from there is added.
        for (int i = 0; i < join.Inputs.Count && written.Contains(join); i++)
        {
            if (!copies.ContainsKey((join, i))) { written.Add(join.Inputs[i]); }
        }
        for (int i = join.Inputs.Count - 1; i >= 0; i--)
        {
            if (copies.TryGetValue((join, i), out Signal? place))
            {
                layers.Insert(0, new CopyLayer(signals[join.Inputs[i]], place, join.Inputs[i].Width,
                    AddsTo(join.Inputs[i])));
            }
        }
        return layers;
    }

    EmbeddingPart PartOf(EmbedNode node, FeatureTable table, Dictionary<EmbedNode, Slab> pairSums)
    {
        Signal signal = signals[node];
        FieldSumNode? fieldSum = definition.Nodes.OfType<FieldSumNode>().FirstOrDefault(sum => sum.Input == node);
        return new(
            table.Find(node.Name)!,
            written.Contains(node) ? signal : signal with { Gradient = null },
            definition.Nodes.OfType<PairSumNode>().Count(pairs => pairs.Input == node),
            pairSums.GetValueOrDefault(node),
            fieldSum == null ? null : signals[fieldSum].Gradient);
    }
}
