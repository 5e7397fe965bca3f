namespace DeepFM.Layers;

/// <summary>What a node of the model computes, tile by tile, and its gradient.</summary>
abstract class Layer : IDisposable
{
    readonly List<IDisposable> owned = [];

    /// <summary>Computes this layer's outputs for a tile; in evaluation too.</summary>
    public abstract void Forward(in Tile tile);

    /// <summary>Writes ∂L/∂inputs for a tile from ∂L/∂outputs.</summary>
    public abstract void Backward(in Tile tile);

    /// <summary>
    /// True when training must have passed all tiles through this layer before any passes the next: batch statistics.
    /// Then <see cref="ReduceForward"/> is called in between, and <see cref="ReduceBackward"/> on the way back.
    /// </summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>Combines what the tiles left, in tile order.</summary>
    public virtual void ReduceForward(int batchSize) { }

    /// <summary>Combines what the layers above left, in tile order, before this layer's backward.</summary>
    public virtual void ReduceBackward(int batchSize) { }

    /// <summary>What must be done before a step once its weights have changed; each may run on any thread.</summary>
    public virtual IEnumerable<Action<int>> PrepareTasks() => [];

    /// <summary>The gradients of its parameters, once all tiles have passed backward; each may run on any thread.</summary>
    public virtual IEnumerable<Action<int>> GradientTasks() => [];

    /// <inheritdoc/>
    public void Dispose() => owned.ForEach(memory => memory.Dispose());

    /// <summary>Ties memory to this layer's life.</summary>
    protected T Own<T>(T memory)
        where T : IDisposable
    {
        owned.Add(memory);
        return memory;
    }
}
