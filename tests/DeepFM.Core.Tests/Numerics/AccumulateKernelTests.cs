using DeepFM.Layers;
using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class AccumulateKernelTests
{
    const int Bits = 8;
    static readonly int[] RowWidths = [1, 2, 16, 32, 48];

    /// <summary>Ids of a batch, none more than 2⁷ distinct.</summary>
    static readonly (string Name, int[] Ids)[] Batches =
    [
        ("one sample", [17]),
        ("all the same", [.. Enumerable.Repeat(5, 99)]),
        ("all distinct", [.. Enumerable.Range(1_000_000, 127).Reverse()]),
        ("few ids", Draw.Ints(331, below: 7, seed: 1)),
        ("many ids", Draw.Ints(331, below: 120, seed: 2)),
        ("one place of the hash table, its last",
            [.. Colliding(place: (1 << Bits) - 1, count: 60), .. Colliding((1 << Bits) - 1, 60)]),
        ("the largest ids", [int.MaxValue, 0, int.MaxValue, int.MaxValue - 1, 0]),
    ];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void OneId_SumsTheRowsOfEachId_InOrderOfFirstAppearance(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((string name, int[] ids) in Batches)
        {
            foreach (int P in RowWidths)
            {
                float[] gradients = Draw.Floats(ids.Length * P, seed: P);
                int[] distinct = [.. ids.Distinct()];
                using NativeBuffer<int> table = new(1 << Bits), slotIds = new(distinct.Length);
                SlotMap slots = new() { Table = table.Pointer, Ids = slotIds.Pointer, Shift = 32 - Bits };
                using Guarded rows = new(gradients), sums = new(distinct.Length * P);

                fixed (int* first = ids)
                {
                    kernels.AccumulateOneId(first, ids.Length, rows.Pointer, P, ref slots, sums.Pointer);
                }

                Assert.Equal(distinct.Length, slots.Count);
                Assert.Equal(distinct, slotIds.Span.ToArray());
                Assert.Equal(gradients, rows.Read());
                NumericAssert.WithinRounding(Expected(ids, [.. ids.Select(_ => 1f)], gradients, P), sums.Read(),
                    $"{name}, P = {P}");
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Entry_SumsWeightedRows(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((string name, int[] ids) in Batches)
        {
            foreach (int P in RowWidths)
            {
                float[] gradients = Draw.Floats(ids.Length * P, seed: P), weights = Draw.Floats(ids.Length, seed: 3);
                int[] distinct = [.. ids.Distinct()];
                using NativeBuffer<int> table = new(1 << Bits), slotIds = new(distinct.Length);
                SlotMap slots = new() { Table = table.Pointer, Ids = slotIds.Pointer, Shift = 32 - Bits };
                using Guarded rows = new(gradients), sums = new(distinct.Length * P);

                for (int b = 0; b < ids.Length; b++)
                {
                    kernels.AccumulateEntry(ids[b], weights[b], rows.Pointer + b * P, P, ref slots, sums.Pointer);
                }

                Assert.Equal(distinct, slotIds.Span.ToArray());
                NumericAssert.WithinRounding(Expected(ids, weights, gradients, P), sums.Read(), $"{name}, P = {P}");
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void PairedEntry_TakesOffTheEntrysOwnShare(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((string name, int[] ids) in Batches)
        {
            foreach (int P in RowWidths)
            {
                int n = ids.Length;
                int[] distinct = [.. ids.Distinct()];
                float[] gradients = Draw.Floats(n * P, seed: P), weights = Draw.Floats(n, seed: 3), logits = Draw.Floats(n, seed: 4);
                float[] values = Draw.Floats(distinct.Length * P, seed: 5), factors = [.. Enumerable.Range(0, P).Select(p => p % 3)];
                using NativeBuffer<int> table = new(1 << Bits), slotIds = new(distinct.Length);
                SlotMap slots = new() { Table = table.Pointer, Ids = slotIds.Pointer, Shift = 32 - Bits };
                using Guarded rows = new(gradients), v = new(values), f = new(factors), sums = new(distinct.Length * P);

                for (int b = 0; b < n; b++)
                {
                    kernels.AccumulatePairedEntry(ids[b], weights[b], rows.Pointer + b * P, logits[b], f.Pointer,
                        v.Pointer + Array.IndexOf(distinct, ids[b]) * P, P, ref slots, sums.Pointer);
                }

                Assert.Equal(distinct, slotIds.Span.ToArray());
                Rounded[] expected =
                [
                    .. distinct.SelectMany((id, slot) =>
                    {
                        int[] places = [.. Enumerable.Range(0, n).Where(b => ids[b] == id)];
                        return Enumerable.Range(0, P).Select(p => Exact.Sum(2 * places.Length, i =>
                        {
                            int b = places[i / 2];
                            double x = weights[b];
                            return i % 2 == 0 ? x * gradients[b * P + p] : -x * logits[b] * factors[p] * x * values[slot * P + p];
                        }, more: 4));
                    }),
                ];
                NumericAssert.WithinRounding(expected, sums.Read(), $"{name}, P = {P}");
            }
        }
    }

    [Fact]
    public void SlotOf_NumbersIdsInOrderOfFirstAppearance()
    {
        foreach ((_, int[] ids) in Batches)
        {
            int[] distinct = [.. ids.Distinct()];
            using NativeBuffer<int> table = new(1 << Bits), slotIds = new(distinct.Length);
            SlotMap slots = new() { Table = table.Pointer, Ids = slotIds.Pointer, Shift = 32 - Bits };
            HashSet<int> seen = [];
            foreach (int id in ids)
            {
                Assert.Equal(Array.IndexOf(distinct, id), slots.SlotOf(id, out bool isNew));
                Assert.Equal(seen.Add(id), isNew);
            }
        }
    }

    // The sums of one batch after another, larger and smaller ones, as fields of a step take them in turn.
    [Fact]
    public void GradientSums_ForgetTheBatchBefore()
    {
        const int P = 2;
        using GradientSums sums = new(P);
        foreach ((string name, int[] ids) in Batches.Concat(Batches.Reverse()))
        {
            float[] gradients = Draw.Floats(ids.Length * P, seed: ids.Length);
            sums.Reserve(ids.Distinct().Count(), ids.Length);
            fixed (int* first = ids)
            fixed (float* rows = gradients)
            {
                Kernels.Current.AccumulateOneId(first, ids.Length, rows, P, ref sums.Slots, sums.Values);
            }
            Assert.Equal(ids.Distinct(), new ReadOnlySpan<int>(sums.Ids, sums.Count).ToArray());
            NumericAssert.WithinRounding(Expected(ids, [.. ids.Select(_ => 1f)], gradients, P),
                new ReadOnlySpan<float>(sums.Values, sums.Count * P), name);
            sums.Clear();
            Assert.Equal(0, sums.Count);
        }
    }

    static Rounded[] Expected(int[] ids, float[] weights, float[] gradients, int P) =>
    [
        .. ids.Distinct().SelectMany(id =>
        {
            int[] places = [.. Enumerable.Range(0, ids.Length).Where(b => ids[b] == id)];
            return Enumerable.Range(0, P).Select(p =>
                Exact.Sum(places.Length, i => (double)weights[places[i]] * gradients[places[i] * P + p]));
        }),
    ];

    // Ids whose search in the hash table starts at the same place.
    static IEnumerable<int> Colliding(uint place, int count) =>
        Enumerable.Range(0, int.MaxValue).Where(id => ((uint)id * 0x9E3779B1) >> (32 - Bits) == place).Take(count);
}
