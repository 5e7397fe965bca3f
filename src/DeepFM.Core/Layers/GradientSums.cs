using System.Numerics;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>The gradients of the distinct rows that a field of a batch touches.</summary>
/// <param name="width">P.</param>
sealed unsafe class GradientSums(int width) : IDisposable
{
    /// <summary>Numbers the rows.</summary>
    public SlotMap Slots;

    NativeBuffer<int> table = new(1), ids = new(1);
    NativeBuffer<float> values = new(1);

    /// <summary>Distinct rows.</summary>
    public int Count => Slots.Count;

    /// <summary>Their ids, [Count].</summary>
    public int* Ids => ids.Pointer;

    /// <summary>Their gradients, [Count, P].</summary>
    public float* Values => values.Pointer;

    /// <summary>Makes room; the sums must be clear. Grows at most a few times in a training.</summary>
    /// <param name="rows">Distinct rows at most.</param>
    /// <param name="entries">Look-ups at most.</param>
    /// <exception cref="InvalidOperationException">There are more rows than the map can number.</exception>
    public void Reserve(int rows, long entries)
    {
        const int maxRows = 1 << 29;            // twice as many places, counted by an int
        long distinct = Math.Min(rows, entries);
        if (distinct > maxRows)
        {
            throw new InvalidOperationException(
                $"A batch may touch {distinct} ids of one field, more than {maxRows}. Set a smaller batchSize.");
        }
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * distinct, 16));
        Grow(ref table, size);
        Grow(ref ids, rows);
        Grow(ref values, (long)rows * width);
        Slots = new() { Table = table.Pointer, Ids = ids.Pointer, Shift = 32 - BitOperations.Log2((uint)size) };
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        if (Slots.Table == null) { return; }
        new Span<int>(Slots.Table, 1 << (32 - Slots.Shift)).Clear();
        Slots.Count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        table.Dispose();
        ids.Dispose();
        values.Dispose();
    }

    static void Grow<T>(ref NativeBuffer<T> buffer, long length)
        where T : unmanaged
    {
        if (buffer.Length >= length) { return; }
        buffer.Dispose();
        buffer = new(length);
    }
}
