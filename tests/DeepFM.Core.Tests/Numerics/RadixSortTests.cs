using CsCheck;
using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public class RadixSortTests
{
    [Fact]
    public void Sort_OrdersKeysOf32Bits() =>
        Gen.OneOf(Gen.UInt, Gen.UInt[0, 9]).Array[0, 300].Sample(keys =>
            Assert.Equal(keys.Order(), RadixSort.Sort<uint>([.. keys], new uint[keys.Length]).ToArray()));

    [Fact]
    public void Sort_OrdersKeysOf64Bits() =>
        Gen.OneOf(Gen.ULong, Gen.ULong[0, 9]).Array[0, 300].Sample(keys =>
            Assert.Equal(keys.Order(), RadixSort.Sort<ulong>([.. keys], new ulong[keys.Length]).ToArray()));

    [Fact]
    public void Sort_RefusesScratchOfAnotherLength()
    {
        ArgumentException wrong =
            Assert.Throws<ArgumentException>(() => RadixSort.Sort<uint>(new uint[3], new uint[2]).Length);
        Assert.Equal("scratch.Length is 2, but the shape must be [3].", wrong.Message);
    }
}
