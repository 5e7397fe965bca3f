using DeepFM.Numerics;

namespace DeepFM.Data;

/// <summary>A list in memory outside the collected heap, of more than 2³¹ elements if need be.</summary>
sealed unsafe class NativeList<T> : IDisposable
    where T : unmanaged
{
    NativeBuffer<T> buffer = new(64);

    public long Count { get; private set; }

    public T* Pointer => buffer.Pointer;

    public ref T this[long index] => ref buffer.Pointer[index];

    public void Add(T item)
    {
        if (Count == buffer.Length) { Reserve(Count + 1); }
        buffer.Pointer[Count++] = item;
    }

    /// <summary>Empties the list, which keeps its memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Lengthens the list; the new elements, whose first is pointed to, hold anything.</summary>
    public T* Extend(long count)
    {
        Reserve(Count + count);
        Count += count;
        return buffer.Pointer + Count - count;
    }

    public void AddRange(NativeList<T> items)
    {
        Reserve(Count + items.Count);
        Buffer.MemoryCopy(items.Pointer, Pointer + Count, (buffer.Length - Count) * sizeof(T), items.Count * sizeof(T));
        Count += items.Count;
    }

    public void AddRange(ReadOnlySpan<T> items) => items.CopyTo(new(Extend(items.Length), items.Length));

    /// <summary>Calls <paramref name="use"/> with all elements, in pieces that a span can hold.</summary>
    public void ForEachPiece(Action<ReadOnlySpan<T>> use)
    {
        const int piece = 1 << 24;
        for (long at = 0; at < Count; at += piece)
        {
            use(buffer.Slice(at, (int)Math.Min(piece, Count - at)));
        }
    }

    public void Dispose() => buffer.Dispose();

    /// <summary>Makes room for so many elements in all, so that it need not grow to there.</summary>
    public void Reserve(long length)
    {
        if (length <= buffer.Length) { return; }
        NativeBuffer<T> larger = new(Count == 0 ? length : Math.Max(length, buffer.Length + buffer.Length / 2));
        Buffer.MemoryCopy(buffer.Pointer, larger.Pointer, larger.Length * sizeof(T), Count * sizeof(T));
        buffer.Dispose();
        buffer = larger;
    }
}
