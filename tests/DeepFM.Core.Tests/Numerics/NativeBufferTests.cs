using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class NativeBufferTests
{
    [Fact]
    public void IsAlignedAndZeroed()
    {
        for (int length = 0; length < 200; length++)
        {
            using NativeBuffer<float> dirty = new(length);
            dirty.Span.Fill(1);
            dirty.Dispose();
            using NativeBuffer<float> buffer = new(length);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(length, buffer.Span.Length);
            Assert.Equal(0u, (nuint)buffer.Pointer % 64);
            Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Slice_ChecksItsRange()
    {
        using NativeBuffer<int> buffer = new(10);
        for (int i = 0; i < 10; i++) { buffer.Span[i] = i; }
        Assert.Equal([3, 4, 5], buffer.Slice(3, 3).ToArray());
        Assert.Equal([], buffer.Slice(10, 0).ToArray());
        Assert.Equal(10, buffer.Slice(0, 10).Length);
        (long, int)[] outside =
            [(-1, 1), (0, 11), (10, 1), (5, 6), (long.MaxValue, 1), (0, int.MaxValue), (4, -1)];
        foreach ((long start, int length) in outside)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(start, length).Length);
        }
        Assert.StartsWith("start must be in [0, 7].",
            Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(8, 3).Length).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesANegativeLength() => Assert.StartsWith("length must be in [0, ",
        Assert.Throws<ArgumentOutOfRangeException>(() => new NativeBuffer<float>(-1)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void RefusesMoreThanThereIs() => Assert.Throws<OutOfMemoryException>(() => new NativeBuffer<byte>(1L << 60));

    [Fact]
    public void Dispose_MayComeTwice()
    {
        NativeBuffer<double> buffer = new(3);
        buffer.Dispose();
        buffer.Dispose();
        Assert.True(buffer.Pointer == null);
    }
}
