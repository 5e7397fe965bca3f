using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>What is made of the bytes of a peer, and how much of them is kept.</summary>
public sealed class ZmtpDecoderTests
{
    static readonly byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. "NULL"u8, .. new byte[16 + 1 + 31]];
    static readonly byte[] ready = [4, 25, 5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8];
    readonly List<string> events = [];
    readonly GatheringLimit room = new(10_000);

    [Fact]
    public void Bytes_MeanTheSame_HoweverTheyAreCut()
    {
        byte[] large = Enumerable.Range(0, 70_000).Select(i => (byte)i).ToArray();
        byte[] all = [.. greeting, .. ready, .. Frame(true, "ab"u8), .. Frame(true, []), .. Frame(false, large), .. Frame(false, "c"u8)];
        string[] expected = ["READY 19", $"message 2 0 70000 {large.Sum(b => b)}", "message 1 99"];
        foreach (int piece in new[] { 1, 2, 3, 7, 64, 65, 100, 4096, all.Length })
        {
            events.Clear();
            ZmtpDecoder decoder = Decoder(mostFrames: 3, mostBytes: 80_000);
            foreach (byte[] bytes in all.Chunk(piece)) { decoder.Feed(bytes); }
            Assert.Equal(expected, events);
            Assert.Equal(0, room.Bytes);
        }
    }

    [Theory]
    [InlineData(3, 100, 10, 10, 10, 10)]                // too many frames
    [InlineData(9, 100, 60, 60)]                        // too many bytes
    [InlineData(9, 100, 101)]
    [InlineData(9, 1_000_000, 40_000, 40_000)]          // more than there is room for
    public void WhatIsTooLarge_IsReadOver_AndTheNextMessageComes(int mostFrames, int mostBytes, params int[] sizes)
    {
        room.Take(10_000);
        ZmtpDecoder decoder = Decoder(mostFrames, mostBytes);
        decoder.Feed([.. greeting, .. ready]);
        for (int i = 0; i < sizes.Length; i++) { decoder.Feed(Frame(i + 1 < sizes.Length, new byte[sizes[i]])); }
        decoder.Feed(Frame(false, "c"u8));
        Assert.Equal(["READY 19", "overrun", "message 1 99"], events);
        Assert.Equal(10_000, room.Bytes);
    }

    [Fact]
    public void APromisedLength_TakesNoMemory()
    {
        ZmtpDecoder decoder = Decoder(mostFrames: 64, mostBytes: 1 << 30);
        decoder.Feed([.. greeting, .. ready]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Feed([3, 0, 0, 0, 0, 1, 0, 0, 0]);     // 16 MiB are to come
        decoder.Feed(new byte[100]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    // Twenty frames of sixty megabytes, of which none is signed.
    [Fact]
    public void AFlood_IsReadInBoundedMemory()
    {
        const int frame = 60_000_000, most = 64 << 20;
        GatheringLimit shared = new(2 * most);
        ZmtpDecoder decoder = Decoder(MessageCodec.FrameLimit, most, shared);
        decoder.Feed([.. greeting, .. ready]);
        byte[] piece = new byte[1_000_000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            decoder.Feed([3, 0, 0, 0, 0, .. BitConverter.GetBytes(frame).Reverse()]);
            for (int sent = 0; sent < frame; sent += piece.Length)
            {
                decoder.Feed(piece);
                Assert.InRange(shared.Bytes, 0, most);
            }
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L * most);      // grown by doubling, once
        Assert.Equal(0, shared.Bytes);
    }

    [Fact]
    public void AConnectionThatEnds_GivesItsRoomBack()
    {
        ZmtpDecoder decoder = Decoder(mostFrames: 64, mostBytes: 1 << 20);
        decoder.Feed([.. greeting, .. ready, .. Frame(true, new byte[ZmtpDecoder.FreeBytes + 700])]);
        Assert.Equal(700, room.Bytes);
        decoder.Drop();
        Assert.Equal(0, room.Bytes);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("\u00ff\0\0\0\0\0\0\0\u0001\u007f\u0001\u0005")]        // ZMTP 2
    public void AnotherProtocol_IsRefused(string start) => Assert.Throws<ZmtpException>(() =>
        Decoder(mostFrames: 64, mostBytes: 1 << 20).Feed(System.Text.Encoding.Latin1.GetBytes(start)));

    [Theory]
    [InlineData((byte)8, (byte)0)]          // a flag that there is not
    [InlineData((byte)4, (byte)0)]          // a command without a name
    public void AMalformedFrame_IsRefused(byte flags, byte length) => Assert.Throws<ZmtpException>(() =>
        Decoder(mostFrames: 64, mostBytes: 1 << 20).Feed([.. greeting, .. ready, flags, length]));

    ZmtpDecoder Decoder(int mostFrames, long mostBytes, GatheringLimit? shared = null) => new(mostFrames, mostBytes, shared ?? room)
    {
        Message = frames => events.Add($"message {string.Join(' ', frames.Select(frame => frame.Length))} {frames[^1].Sum(b => b)}"),
        Commanded = (name, data) => events.Add($"{name} {data.Length}"),
        Overrun = () => events.Add("overrun"),
    };

    static byte[] Frame(bool more, ReadOnlySpan<byte> body)
    {
        byte flag = (byte)(more ? 1 : 0);
        return body.Length < 256
            ? [flag, (byte)body.Length, .. body]
            : [(byte)(flag | 2), 0, 0, 0, 0, .. BitConverter.GetBytes(body.Length).Reverse(), .. body];
    }
}
