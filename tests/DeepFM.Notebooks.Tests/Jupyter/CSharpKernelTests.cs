using System.Globalization;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>The kernel as Jupyter starts it, with C# cells that put it under load or try to end it.</summary>
public sealed class CSharpKernelTests : IDisposable
{
    const long Megabyte = 1 << 20;
    readonly KernelProcessUnderTest kernel = new(Path.Combine(AppContext.BaseDirectory, "deepfm.dll"), "kernel", "--connection-file");

    Client Client => kernel.Client;

    public void Dispose() => kernel.Dispose();

    [Fact]
    public void Cells_HaveTheCulturesOfTheSystem_AndTheKitTheInvariantOne()
    {
        Received result = Assert.Single(Client.Run("""
            using System.Globalization;
            bool without = AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) && invariant;
            var german = new CultureInfo("de-DE");
            string inTask = await System.Threading.Tasks.Task.Run(() => $"{1.5}");
            $"{without} {1.5.ToString(german)} {1.5} {inTask}"
            """).Published, message => message.Type == "execute_result");
        string text = result.Content.GetProperty("data").GetProperty("text/plain").GetString()!;
        Assert.Equal(text.StartsWith("True", StringComparison.Ordinal) ? "True 1.5 1.5 1.5" : "False 1,5 1.5 1.5", text);
    }

    [Fact]
    public void AThousandTrivialCells_LeaveLittleBehind()
    {
        void Cells(int count)
        {
            for (int i = 0; i < count; i++) { Assert.Equal("ok", Status(Client.Run($"{i} + 1").Reply)); }
        }

        long Heap()
        {
            Client.Run("for (int i = 0; i < 3; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); }");
            Received result = Assert.Single(Client.Run("GC.GetTotalMemory(true).ToString()").Published,
                message => message.Type == "execute_result");
            return long.Parse(result.Content.GetProperty("data").GetProperty("text/plain").GetString()!, CultureInfo.InvariantCulture);
        }

        Cells(300);                             // the compiler is warm, and its hot methods are compiled again
        long resident = kernel.Bytes, before = Heap();
        Cells(1000);
        Assert.InRange(Heap() - before, long.MinValue, 50 * Megabyte);
        // The collector decides what it gives back to the system: a wide bound, for what lies outside the heap.
        Assert.InRange(kernel.Bytes - resident, long.MinValue, 300 * Megabyte);
    }

    [Fact]
    public void AHundredMegabytesPrinted_ArriveWhole()
    {
        const int lines = 1_000_000, width = 100;
        Client.Run("1");
        long length = 0;
        string id = Client.Execute(
            $"string text = new('x', {width - Environment.NewLine.Length}); "
            + $"for (int i = 0; i < {lines}; i++) {{ Console.WriteLine(text); }}");
        foreach (Received message in Client.PublishedUntilIdle(id))
        {
            if (message.Type == "stream") { length += message.Content.GetProperty("text").GetString()!.Length; }
        }
        Assert.Equal((long)lines * width, length);
        Assert.Equal("ok", Status(Client.Run("1").Reply));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Text.RegularExpressions.Regex.IsMatch(new string('a', 40), \"(a+)+b\");")]   // computes in a library
    [InlineData("\n#!fsharp\nlet mutable x = 0.0\nwhile true do x <- x + System.Math.Sin x")]
    public void AnInterrupt_LeavesTheKernelUsable(string code)
    {
        Client.Run("int kept = 41;");
        string id = Client.Execute($"Console.WriteLine(\"begun\"); {code}");
        while (Client.Published() is not { Type: "stream" }) { }
        Client.Ask("interrupt_request", [], onControl: true);

        Assert.Equal("error", Status(Client.ReplyTo(id)));
        Received result = Assert.Single(Client.Run("kept + 1").Published, message => message.Type == "execute_result");
        Assert.Equal("42", result.Content.GetProperty("data").GetProperty("text/plain").GetString());
    }

    [Fact]
    public void AnExceptionOnAThread_DoesNotEndTheKernel()
    {
        (Received reply, List<Received> published) = Client.Run("""
            System.Threading.Thread thread = new(() => throw new Exception("lost"));
            thread.Start();
            thread.Join();
            """);
        Assert.Equal("ok", Status(reply));
        Assert.Contains(published, message => message.Type == "stream"
            && message.Content.GetProperty("text").GetString()!.Contains("lost", StringComparison.Ordinal));
        Assert.Equal("ok", Status(Client.Run("1").Reply));
    }

    [Fact]
    public async Task EnvironmentExit_AnswersTheCell_AndEndsWithItsCode()
    {
        Received reply = Client.ReplyTo(Client.Execute("Environment.Exit(3);"));
        Assert.Equal("ProcessExit", reply.Content.GetProperty("ename").GetString());
        Assert.Equal(3, await kernel.ExitCode());
    }

    static string Status(Received reply) => reply.Content.GetProperty("status").GetString()!;
}
