using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Numbers the distinct ids of a batch's field 0, 1, 2, … in the order in which they first appear.</summary>
/// <remarks>A hash table with open addressing, small enough for a core's cache; it is cleared by its owner.</remarks>
unsafe struct SlotMap
{
    /// <summary>The id of each slot, [<see cref="Count"/>].</summary>
    public int* Ids;

    /// <summary>Slots in use.</summary>
    public int Count;

    /// <summary>[2^bits] of slot + 1; 0 is free.</summary>
    public int* Table;

    /// <summary>32 − bits.</summary>
    public int Shift;

    /// <summary>The slot of an id; <paramref name="isNew"/> when it had none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SlotOf(int id, out bool isNew)
    {
        uint mask = uint.MaxValue >> Shift;
        for (uint at = ((uint)id * 0x9E3779B1) >> Shift; ; at = (at + 1) & mask)
        {
            int slot = Table[at] - 1;
            if (slot < 0)
            {
                Ids[Count] = id;
                Table[at] = Count + 1;
                isNew = true;
                return Count++;
            }
            if (Ids[slot] == id)
            {
                isNew = false;
                return slot;
            }
        }
    }
}
