using System.Runtime.CompilerServices;
using DeepFM.Numerics;

namespace DeepFM.Data.Reading;

/// <summary>A text's key, and a number that belongs to it; 0 is free.</summary>
struct TextSlot
{
    public ulong Prefix;
    public uint Tag, Value;

    public readonly bool Has(in ShortText key) => Prefix == key.Prefix && Tag == key.Tag;
}

/// <summary>A hash table of texts with open addressing: 16 bytes a slot, so that none lies on two cache lines.</summary>
/// <remarks>A slot holds a text of up to eight bytes whole; its owner keeps longer ones, and tells them apart.</remarks>
sealed unsafe class TextSlots : IDisposable
{
    NativeBuffer<TextSlot> slots = new(64);         // a power of two long

    /// <summary>Number of slots, free ones included.</summary>
    public long Length => slots.Length;

    /// <summary>Memory of the slots, bytes.</summary>
    public long ByteCount => slots.Length * sizeof(TextSlot);

    /// <summary>The slot at a place, from 0.</summary>
    public TextSlot* this[long index] => slots.Pointer + index;

    /// <summary>The slot where a key is looked for first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextSlot* First(in ShortText key) => slots.Pointer + key.Slot((int)(slots.Length - 1));

    /// <summary>The slot to look at after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextSlot* Next(TextSlot* slot) => slot + 1 == slots.Pointer + slots.Length ? slots.Pointer : slot + 1;

    /// <summary>The keys of texts, whose first slots are all asked for at once.</summary>
    /// <param name="texts">At most <see cref="RowReader.GroupSize"/>.</param>
    /// <param name="keys">Overwritten, as many.</param>
    public void Ask(ReadOnlySpan<Cell> texts, ShortText* keys)
    {
        int mask = (int)(slots.Length - 1);
        for (int i = 0; i < texts.Length; i++)
        {
            keys[i] = ShortText.Of(texts[i]);
            Cache.Prefetch(slots.Pointer + keys[i].Slot(mask));
        }
    }

    /// <summary>Makes the table twice as long. Slots move.</summary>
    public void Grow()
    {
        using NativeBuffer<TextSlot> old = slots;
        slots = new(2 * old.Length);
        for (long i = 0; i < old.Length; i++)
        {
            TextSlot entry = old.Pointer[i];
            if (entry.Value == 0) { continue; }
            TextSlot* slot = First(new(entry.Prefix, entry.Tag));
            while (slot->Value != 0) { slot = Next(slot); }
            *slot = entry;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();
}
