using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>What no client should send: it is dropped or answered with an error, and the kernel goes on.</summary>
public sealed class BadMessageTests : IAsyncDisposable
{
    readonly RunningKernel kernel = new();

    Client Client => kernel.Client;

    public ValueTask DisposeAsync() => kernel.DisposeAsync();

    [Fact]
    public void AWrongSignature_IsDropped()
    {
        List<byte[]> frames = Execute("echo no");
        frames[1][0] = frames[1][0] == (byte)'0' ? (byte)'1' : (byte)'0';
        AssertDropped(frames, "the signature is wrong");
    }

    [Fact]
    public void ASignatureOfAnotherMessage_IsDropped()
    {
        List<byte[]> frames = Execute("echo yes"), other = Execute("echo no");
        frames[5] = other[5];
        AssertDropped(frames, "the signature is wrong");
    }

    [Theory, InlineData(""), InlineData("00"), InlineData("zz")]
    public void ASignatureOfAnotherLength_IsDropped(string signature)
    {
        List<byte[]> frames = Execute("echo no");
        frames[1] = Client.Utf8(signature);
        AssertDropped(frames, "the signature is wrong");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void AMessageSentAgain_IsDropped(bool onControl)
    {
        List<byte[]> frames = Execute("echo once");
        Client.SendFrames(frames);
        Client.Reply();
        AssertDropped(frames, "has been used before", onControl);
    }

    // Whoever sees a message pass must not keep the kernel from it.
    [Fact]
    public void AMessageWhosePartsWereCutElsewhere_IsDropped_AndTheMessageItselfIsTaken()
    {
        List<byte[]> frames = Execute("echo yes");
        AssertDropped([frames[0], frames[1], [.. frames[2], (byte)'{'], "}"u8.ToArray(), frames[4], frames[5]], "was dropped");
        Client.SendFrames(frames);
        Assert.Equal("ok", Client.Reply().Content.GetProperty("status").GetString());
    }

    [Fact]
    public void MissingParts_AreDropped()
    {
        List<byte[]> frames = Execute("echo no");
        for (int count = 0; count < frames.Count; count++) { AssertDropped(frames[..Math.Max(1, count)], "are no message"); }
    }

    // The header goes back with every answer, and the parent's is read by nobody.
    [Theory, InlineData(0), InlineData(1)]
    public void AHugeHeader_IsDropped(int place)
    {
        byte[][] parts = [.. Execute("echo no")[2..]];
        parts[place] = Client.Utf8($$"""{"msg_id":"a","msg_type":"kernel_info_request","x":"{{new string('x', MessageCodec.HeaderLimitBytes)}}"}""");
        AssertDropped(Client.Signed(parts), "a header has more");
    }

    [Fact]
    public void ManyFrames_AreDropped() =>
        AssertDropped([.. Execute("echo no"), .. Enumerable.Repeat(Array.Empty<byte>(), 100_000)], "it is too large");

    [Fact]
    public void AMessageOverTheLimit_IsDropped()
    {
        AssertDropped([new byte[KernelSockets.MessageLimitBytes + 1]], "it is too large");
    }

    // Before its end nobody knows whether a message is signed.
    [Fact]
    public void LargeFramesWithoutASignature_AreNotGathered()
    {
        byte[] large = new byte[KernelSockets.MessageLimitBytes / 2];
        using Client intruder = new(kernel.Connection);
        intruder.SendFrames([.. Execute("echo no")[..2], large, large, large, large]);
        intruder.Send("kernel_info_request", []);
        intruder.Reply();
        Assert.Contains("it is too large", kernel.Log.ToString(), StringComparison.Ordinal);
        AssertGoesOn();
    }

    // JupyterLab's extensions keep what they like in a cell's metadata, and send it along.
    [Fact]
    public void MetadataOfAnySize_IsTaken()
    {
        List<byte[]> frames = Execute("echo yes");
        byte[] metadata = Client.Utf8($$"""{"notes":"{{new string('x', 5_000_000)}}"}""");
        Client.SendFrames(Client.Signed([frames[2], frames[3], metadata, frames[5]]));
        Assert.Equal("ok", Client.Reply().Content.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"msg_id":7,"msg_type":"execute_request"}""")]
    [InlineData("""{"msg_id":"a","msg_type":"\ud800"}""")]
    public void AHeaderThatIsNone_IsDropped(string header) =>
        AssertDropped(Client.Signed([Client.Utf8(header), "{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray()]), "was dropped");

    [Fact]
    public void InvalidUtf8_IsDropped()
    {
        byte[] content = [.. "{\"code\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        AssertDropped(Client.Signed([Execute("x")[2], "{}"u8.ToArray(), "{}"u8.ToArray(), content]), "no UTF-8");
    }

    [Fact]
    public void DeepJson_IsDropped()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        AssertDropped(Client.Signed([Execute("x")[2], "{}"u8.ToArray(), "{}"u8.ToArray(), Client.Utf8(deep)]), "was dropped");
    }

    [Theory]
    [InlineData("execute_request", """{}""", "no 'code'")]
    [InlineData("execute_request", """{"code":[1]}""", "'code' must be a string")]
    [InlineData("execute_request", """{"code":"\ud800"}""", "half of a surrogate pair")]
    [InlineData("execute_request", """{"code":"","silent":"yes"}""", "'silent' must be true or false")]
    [InlineData("complete_request", """{"code":"a","cursor_pos":"end"}""", "'cursor_pos' must be a whole number")]
    [InlineData("complete_request", """{"code":"a","cursor_pos":1e99}""", "'cursor_pos' must be a whole number")]
    [InlineData("history_request", """{"hist_access_type":"all"}""", "there are tail, range, search")]
    public void WrongTypes_AreAnsweredWithAnError(string type, string content, string message)
    {
        List<byte[]> frames = Client.Message(type, []).Frames;
        Client.SendFrames(Client.Signed([frames[2], frames[3], frames[4], Client.Utf8(content)]));

        Received reply = Client.Reply();
        Assert.Equal((type.Replace("request", "reply", StringComparison.Ordinal), "error"),
            (reply.Type, reply.Content.GetProperty("status").GetString()));
        Assert.Contains(message, reply.Content.GetProperty("evalue").GetString(), StringComparison.Ordinal);
        AssertGoesOn();
    }

    [Theory, InlineData(-5), InlineData(999)]
    public void ACursorOutsideTheCode_IsMovedToItsEnd(int position) =>
        Assert.Equal("ok", Client.Ask("complete_request", new() { ["code"] = "abc", ["cursor_pos"] = position })
            .Reply.Content.GetProperty("status").GetString());

    [Fact]
    public void RandomFrames_DoNotHarm()
    {
        Gen.Byte.Array[0, 40].List[1, 9].Sample(frames => Client.SendFrames(frames), iter: 500, threads: 1);
        AssertGoesOn();
    }

    [Fact]
    public void RandomSignedContents_DoNotHarm()
    {
        string[] types = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
            "comm_open", "kernel_info_request", "interrupt_request", "comm_info_request"];
        Gen<JsonNode?> value = Gen.OneOf(Gen.Int.Select(i => (JsonNode?)i), Gen.String.Select(s => (JsonNode?)s),
            Gen.Bool.Select(b => (JsonNode?)b), Gen.Const((JsonNode?)null), Gen.Const(0).Select(_ => (JsonNode?)new JsonArray(1)));
        string[] names = ["code", "silent", "cursor_pos", "hist_access_type", "n", "pattern", "comm_id", "allow_stdin", "stop"];
        Gen.Select(OneOf(types), Gen.Select(OneOf(names), value).List[0, 4], Gen.Bool).Sample((type, members, onControl) =>
        {
            JsonObject content = [];
            foreach ((string name, JsonNode? member) in members) { content[name] = member?.DeepClone(); }
            Client.Send(type, content, onControl);
        }, iter: 500, threads: 1);
        AssertGoesOn();
    }

    [Fact]
    public void RandomDamageToGoodMessages_DoesNotHarm()
    {
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1000], Gen.Byte).Sample((frame, at, value) =>
        {
            List<byte[]> frames = Execute("echo x");
            if (frames[frame].Length > 0) { frames[frame][at % frames[frame].Length] ^= value; }
            Client.SendFrames(frames);
        }, iter: 500, threads: 1);
        AssertGoesOn();
    }

    [Fact]
    public void RandomBytesBelowZeroMq_DoNotHarm()
    {
        int[] ports = [kernel.Connection.ShellPort, kernel.Connection.ControlPort, kernel.Connection.IopubPort,
            kernel.Connection.StdinPort, kernel.Connection.HeartbeatPort];
        // Most begin like a peer of ZeroMQ does, so that what follows is taken for frames: versions 2 and 3, then a ready peer.
        byte[] signature = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f];
        byte[] version3 = [.. signature, 3, 0, .. "NULL"u8, .. new byte[16 + 1 + 31]];
        byte[] ready = [4, 26, 5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8];
        byte[][] greetings = [[], signature, [.. signature, 1, 5], version3, [.. version3, .. ready]];
        Gen.Select(OneOf(ports), OneOf(greetings), Gen.Byte.Array[0, 200]).Sample((port, greeting, bytes) =>
        {
            using TcpClient connection = new("127.0.0.1", port);
            try { connection.GetStream().Write([.. greeting, .. bytes]); }
            catch (IOException) { }     // the kernel has hung up already
        }, iter: 500, threads: 1);
        AssertGoesOn();
        Assert.Equal("ping"u8, Client.Beat("ping"u8.ToArray()));
    }

    [Fact]
    public async Task WithoutAKey_MessagesAreNotSigned()
    {
        await using RunningKernel open = new(key: "");
        Assert.Equal("ok", open.Client.Run("echo 1").Reply.Content.GetProperty("status").GetString());
        Assert.Contains("has no key: every program that reaches the ports can run code", open.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("has no key", kernel.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayGuard_ForgetsTheOldest()
    {
        ReplayGuard guard = new(capacity: 3);
        byte[] Signature(int number) => Encoding.ASCII.GetBytes($"{number:x32}{new string('0', 32)}");
        for (int i = 1; i <= 4; i++) { Assert.True(guard.Add(Signature(i))); }
        Assert.All([2, 3, 4], number => Assert.False(guard.Add(Signature(number))));
        Assert.True(guard.Add(Signature(1)));
    }

    static Gen<T> OneOf<T>(T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    List<byte[]> Execute(string code) => Client.Message("execute_request", new() { ["code"] = code }).Frames;

    // Dropped: there is a line in the log, and the next answer is that of the next request.
    void AssertDropped(List<byte[]> frames, string reason, bool onControl = false)
    {
        Client.SendFrames(frames, onControl);
        string id = Client.Send("kernel_info_request", [], onControl);
        Assert.Equal(id, Client.Reply(onControl).ParentId);
        Assert.Contains(reason, kernel.Log.ToString(), StringComparison.Ordinal);
    }

    void AssertGoesOn()
    {
        string id = Client.Execute("echo on");
        Assert.Equal("ok", Client.ReplyTo(id).Content.GetProperty("status").GetString());
    }
}
