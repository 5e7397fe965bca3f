using CsCheck;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Connection files, and positions in code.</summary>
public sealed class ConnectionFileTests : IDisposable
{
    const string Ports = """ "shell_port": 1001, "iopub_port": 1002, "stdin_port": 1003, "control_port": 1004, "hb_port": 1005""";
    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Read_TakesTheFile()
    {
        ConnectionFile file = Read($$"""
            { {{Ports}}, "ip": "0.0.0.0", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "x" }
            """);
        Assert.Equal(new()
        {
            Ip = "0.0.0.0",
            ShellPort = 1001,
            IopubPort = 1002,
            StdinPort = 1003,
            ControlPort = 1004,
            HeartbeatPort = 1005,
            Key = "k",
        }, file);
    }

    [Fact]
    public void Write_IsRead_AndFreePortsAreAllDifferent()
    {
        ConnectionFile[] files = [.. Enumerable.Range(0, 20).Select(_ => ConnectionFile.OnFreePorts("k"))];
        files[0].Write(path);
        Assert.Equal(files[0], ConnectionFile.Read(path));
        int[] ports = [.. files.SelectMany(file =>
            new[] { file.ShellPort, file.ControlPort, file.IopubPort, file.StdinPort, file.HeartbeatPort })];
        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public void Read_ListensOnLoopback_UnlessToldOtherwise() => Assert.Equal("127.0.0.1", Read($"{{ {Ports} }}").Ip);

    [Theory]
    [InlineData("{", "line 1, byte 2: this is not JSON.")]
    [InlineData("[]", "a connection file is an object in braces, but this is a list")]
    [InlineData("{}", "the property 'shell_port' is missing")]
    [InlineData("""{ "shell_port": 70000 }""", "'shell_port' is 70000, but must be a whole number in [1, 65535]")]
    [InlineData("""{ "shell_port": "1" }""", "'shell_port' is \"1\", but must be")]
    [InlineData("""{ "ip": null }""", "'ip' is null, but must be a text in quotes")]
    [InlineData("""{ "transport": "ipc" }""", "transport is 'ipc', but this kernel speaks tcp only")]
    [InlineData("""{ "signature_scheme": "hmac-md5" }""", "signature_scheme is 'hmac-md5'")]
    [InlineData("""{ "key": 7 }""", "'key' is 7, but must be a text in quotes")]
    public void Read_SaysWhatIsWrong(string json, string message)
    {
        string text = Assert.Throws<UserErrorException>(() => Read(json)).Message;
        Assert.StartsWith(path, text, StringComparison.Ordinal);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortThatIsTaken_IsNamed()
    {
        await using RunningKernel kernel = new();
        UserErrorException taken = Assert.Throws<UserErrorException>(() => new JupyterKernel(kernel.Connection, () => new FakeHost()));
        Assert.Contains($"The shell channel cannot listen on tcp://127.0.0.1:{kernel.Connection.ShellPort}",
            taken.Message, StringComparison.Ordinal);
        Assert.Contains("another program listens there", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CodePoints_AreInverse()
    {
        Gen<string> pieces = Gen.OneOf(Gen.Const("a"), Gen.Const("🎉"), Gen.Const("\ud83c"), Gen.Const("é"));
        Gen.Select(pieces.List[0, 12], Gen.Int[-2, 14]).Sample((parts, position) =>
        {
            string text = string.Concat(parts);
            // Counted by the runtime's own runes; halves that stand alone are one each.
            int count = text.EnumerateRunes().Count();
            int index = CodePoints.ToUtf16(text, position);

            Assert.Equal(Math.Clamp(position, 0, count), text[..index].EnumerateRunes().Count());
            Assert.Equal(Math.Clamp(position, 0, count), CodePoints.FromUtf16(text, index));
        });
    }

    ConnectionFile Read(string json)
    {
        File.WriteAllText(path, json);
        return ConnectionFile.Read(path);
    }
}
