using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Every request of the protocol, over real sockets.</summary>
public sealed class ProtocolTests : IAsyncDisposable
{
    readonly RunningKernel kernel = new();

    Client Client => kernel.Client;

    public ValueTask DisposeAsync() => kernel.DisposeAsync();

    [Theory, InlineData(false), InlineData(true)]
    public void KernelInfo_SaysWhatIsSpoken_OnBothChannels(bool onControl)
    {
        (Received reply, List<Received> published) = Client.Ask("kernel_info_request", [], onControl);

        Assert.Equal(("kernel_info_reply", "kernel_info_request"), (reply.Type, reply.ParentType));
        Assert.Equal("5.3", Text(reply, "protocol_version"));
        Assert.Equal("5.3", reply.Header.GetProperty("version").GetString());
        JsonElement language = reply.Content.GetProperty("language_info");
        Assert.Equal("C#", language.GetProperty("name").GetString());
        Assert.Equal(".cs", language.GetProperty("file_extension").GetString());
        Assert.Equal(["busy", "idle"], published.Select(Client.State));
    }

    [Fact]
    public void Execute_PublishesBusyInputResultIdle_InThisOrder()
    {
        (Received reply, List<Received> published) = Client.Run("echo 2");

        Assert.Equal(["status", "execute_input", "execute_result", "status"], published.Select(message => message.Type));
        Assert.Equal("echo 2", Text(published[1], "code"));
        Assert.Equal("2", Data(published[2], "text/plain"));
        Assert.Equal("ok", Text(reply, "status"));
        int count = reply.Content.GetProperty("execution_count").GetInt32();
        Assert.All(published[1..3], message => Assert.Equal(count, message.Content.GetProperty("execution_count").GetInt32()));
        Assert.Equal(JsonValueKind.Object, reply.Content.GetProperty("user_expressions").ValueKind);
    }

    [Fact]
    public void Execute_KeepsTextAndPicturesInOrder()
    {
        List<Received> published = Client.Run("mix").Published;

        Assert.Equal(["status", "execute_input", "stream", "display_data", "stream", "stream", "execute_result", "status"],
            published.Select(message => message.Type));
        Assert.Equal(["before", "after", "aside"], published.Where(message => message.Type == "stream").Select(m => Text(m, "text")));
        Assert.Equal(["stdout", "stdout", "stderr"], published.Where(message => message.Type == "stream").Select(m => Text(m, "name")));
    }

    [Fact]
    public void Execute_CountsStoredCellsOnly()
    {
        int Count(string id) => Client.ReplyTo(id).Content.GetProperty("execution_count").GetInt32();

        Assert.Equal(1, Count(Client.Execute("echo a")));
        Assert.Equal(2, Count(Client.Execute("echo b")));
        Assert.Equal(2, Count(Client.Execute("echo c", stores: false)));
        Assert.Equal(2, Count(Client.Execute("echo d", silent: true)));
        Assert.Equal(3, Count(Client.Execute("echo e")));
    }

    [Fact]
    public void Execute_Silent_PublishesStatusAlone()
    {
        string id = Client.Execute("mix", silent: true);
        Assert.Equal("ok", Text(Client.ReplyTo(id), "status"));
        Assert.Equal(["busy", "idle"], Client.PublishedFor(id).Select(Client.State));
    }

    [Fact]
    public void Execute_ShowsStructuredDataAndMetadata()
    {
        Received result = Assert.Single(Client.Run("json it").Published, message => message.Type == "execute_result");
        Assert.Equal(2, result.Content.GetProperty("data").GetProperty("application/json").GetProperty("numbers")[1].GetInt32());
        Assert.True(result.Content.GetProperty("metadata").GetProperty("isolated").GetBoolean());
    }

    [Theory, InlineData("Привет, 世界 🎉"), InlineData("a\0b\u2028c\"\\\n")]
    public void Execute_PassesAnyTextUnchanged(string text)
    {
        List<Received> published = Client.Run($"echo {text}").Published;
        Assert.Equal($"echo {text}", Text(published[1], "code"));
        Assert.Equal(text, Data(published[2], "text/plain"));
    }

    [Fact]
    public void Stream_JoinsTheHalvesOfAPair_AndReplacesAHalfThatStaysAlone()
    {
        string Printed(string code) =>
            string.Concat(Client.Run(code).Published.Where(message => message.Type == "stream").Select(message => Text(message, "text")));

        Assert.Equal("x🎉y🎈", Printed("chars x🎉y🎈"));
        Assert.Equal("a\ufffdb", Printed("bad"));
    }

    [Fact]
    public void Execute_AFailure_IsPublishedAndAnswered()
    {
        (Received reply, List<Received> published) = Client.Run("fail badly");

        Assert.Equal(["status", "execute_input", "error", "status"], published.Select(message => message.Type));
        Assert.All([published[2], reply], message =>
        {
            Assert.Equal(("TestException", "badly"), (Text(message, "ename"), Text(message, "evalue")));
            Assert.Equal(["line 1", "line 2"], message.Content.GetProperty("traceback").EnumerateArray().Select(line => line.GetString()));
        });
        Assert.Equal("error", Text(reply, "status"));
    }

    [Fact]
    public void Execute_ABugOfTheHost_IsAnErrorOfTheCell()
    {
        (Received reply, _) = Client.Run("bug");
        Assert.Equal(("error", "InvalidOperationException"), (Text(reply, "status"), Text(reply, "ename")));
        Assert.Equal("ok", Text(Client.Run("echo 1").Reply, "status"));
    }

    [Fact]
    public void Execute_AFailure_AbortsWhatWasQueued_AndNothingElse()
    {
        string waits = Client.Execute("wait");
        kernel.Host.Busy.Wait(TestContext.Current.CancellationToken);
        string queued = Client.Execute("echo no"), info = Client.Send("kernel_info_request", []);
        Assert.True(SpinWait.SpinUntil(() => kernel.Kernel.QueuedRequests == 2, TimeSpan.FromMinutes(1)));
        Client.Ask("interrupt_request", [], onControl: true);

        Assert.Equal("error", Text(Client.ReplyTo(waits), "status"));
        Received aborted = Client.Reply(), answered = Client.Reply();
        Assert.Equal((queued, "aborted"), (aborted.ParentId, Text(aborted, "status")));
        Assert.Equal((info, "ok"), (answered.ParentId, Text(answered, "status")));
        Assert.Equal("ok", Text(Client.Run("echo yes").Reply, "status"));
    }

    [Fact]
    public void Execute_AFailureThatDoesNotStop_LetsTheQueueRun()
    {
        string fails = Client.Execute("fail", stopsOnError: false), runs = Client.Execute("echo on");
        Assert.Equal("error", Text(Client.ReplyTo(fails), "status"));
        Assert.Equal("ok", Text(Client.ReplyTo(runs), "status"));
    }

    [Fact]
    public void Display_CanBeUpdatedAndCleared()
    {
        List<Received> published = Client.Run("display id1").Published;

        Assert.Equal(["display_data", "update_display_data", "clear_output"], published[2..^1].Select(message => message.Type));
        Assert.All(published[2..4], message =>
            Assert.Equal("id1", message.Content.GetProperty("transient").GetProperty("display_id").GetString()));
        Assert.Equal("new", Data(published[3], "text/plain"));
        Assert.True(published[4].Content.GetProperty("wait").GetBoolean());
    }

    [Fact]
    public void Input_IsAskedForAndReturned()
    {
        string id = Client.Execute("ask Your name?");
        Received question = Client.AskedOnStdin();
        Assert.Equal(("input_request", id), (question.Type, question.ParentId));
        Assert.Equal("Your name?", Text(question, "prompt"));
        Assert.True(question.Content.GetProperty("password").GetBoolean());

        Client.SendOnStdin("input_reply", new() { ["value"] = 7 });         // no text: dropped
        Client.SendOnStdin("input_reply", new() { ["value"] = "Ada" });

        Assert.Equal("Ada", Data(Client.PublishedFor(id)[2], "text/plain"));
    }

    [Fact]
    public void Input_ThatNobodyCanGive_IsAnErrorThatSaysSo()
    {
        Received reply = Client.ReplyTo(Client.Execute("ask Name?", mayAsk: false));
        Assert.Contains("answers no questions", Text(reply, "evalue"), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_IsGivenUpByAnInterrupt()
    {
        string id = Client.Execute("ask Name?");
        Client.AskedOnStdin();
        Client.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("error", Text(Client.ReplyTo(id), "status"));
    }

    [Fact]
    public void Complete_CountsCodePoints()
    {
        // The party popper is one code point and two UTF-16 units.
        Received reply = Client.Ask("complete_request", new() { ["code"] = "🎉 Com", ["cursor_pos"] = 5 }).Reply;

        Assert.Equal(["Complete", "Second"], reply.Content.GetProperty("matches").EnumerateArray().Select(match => match.GetString()));
        Assert.Equal((2, 5), (reply.Content.GetProperty("cursor_start").GetInt32(), reply.Content.GetProperty("cursor_end").GetInt32()));
        JsonElement type = reply.Content.GetProperty("metadata").GetProperty("_jupyter_types_experimental")[0];
        Assert.Equal("at 6", type.GetProperty("type").GetString());
    }

    [Fact]
    public void Inspect_TellsWhatIsKnown()
    {
        Received found = Client.Ask("inspect_request", new() { ["code"] = "🎉known", ["cursor_pos"] = 3, ["detail_level"] = 0 }).Reply;
        Assert.True(found.Content.GetProperty("found").GetBoolean());
        Assert.Equal("known at 4", Data(found, "text/plain"));

        Received missing = Client.Ask("inspect_request", new() { ["code"] = "x", ["cursor_pos"] = 1, ["detail_level"] = 0 }).Reply;
        Assert.False(missing.Content.GetProperty("found").GetBoolean());
        Assert.Empty(missing.Content.GetProperty("data").EnumerateObject());
    }

    [Fact]
    public void IsComplete_TellsTheIndentOfTheNextLine()
    {
        Received reply = Client.Ask("is_complete_request", new() { ["code"] = "if (x) {" }).Reply;
        Assert.Equal(("incomplete", "    "), (Text(reply, "status"), Text(reply, "indent")));
        Assert.Equal("complete", Text(Client.Ask("is_complete_request", new() { ["code"] = "1" }).Reply, "status"));
    }

    [Fact]
    public void History_HasTailRangeAndSearch()
    {
        foreach (string code in new[] { "echo one", "print two", "echo one", "echo three" }) { Client.Run(code); }
        Client.ReplyTo(Client.Execute("echo unstored", stores: false));

        Assert.Equal(["1,3,echo one", "1,4,echo three"], History(new() { ["hist_access_type"] = "tail", ["n"] = 2 }));
        Assert.Equal(["1,2,print two"], History(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = 2, ["stop"] = 3 }));
        Assert.Equal(4, History(new() { ["hist_access_type"] = "range", ["session"] = 0, ["start"] = 1 }).Length);
        Assert.Empty(History(new() { ["hist_access_type"] = "range", ["session"] = -1, ["start"] = 1 }));
        Assert.Equal(["1,1,echo one", "1,3,echo one", "1,4,echo three"],
            History(new() { ["hist_access_type"] = "search", ["pattern"] = "echo*" }));
        Assert.Equal(["1,3,echo one", "1,4,echo three"],
            History(new() { ["hist_access_type"] = "search", ["pattern"] = "echo*", ["unique"] = true }));
        Assert.Equal(["1,4,[\"echo three\",\"three\"]"],
            History(new() { ["hist_access_type"] = "tail", ["n"] = 1, ["output"] = true }));
    }

    [Fact]
    public void Comms_AreNone_AndAnUnknownOneIsClosed()
    {
        Assert.Empty(Client.Ask("comm_info_request", []).Reply.Content.GetProperty("comms").EnumerateObject());

        List<Received> published = Client.PublishedFor(Client.Send("comm_open",
            new() { ["comm_id"] = "c1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() }));
        Assert.Equal("c1", Text(Assert.Single(published, message => message.Type == "comm_close"), "comm_id"));
        Assert.Equal(2, Client.PublishedFor(Client.Send("comm_msg", new() { ["comm_id"] = "c1" })).Count);
    }

    [Theory, InlineData("debug_request"), InlineData("nonsense_request"), InlineData("nonsense")]
    public void Unknown_IsIgnoredWithALine(string type)
    {
        Assert.Equal(["busy", "idle"], Client.PublishedFor(Client.Send(type, [], onControl: true)).Select(Client.State));
        Assert.Contains($"'{type}' on Control is not known", kernel.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal("ok", Text(Client.Run("echo 1").Reply, "status"));
    }

    [Fact]
    public void Heartbeat_EchoesAlsoWhileACellRuns()
    {
        string id = Client.Execute("wait");
        kernel.Host.Busy.Wait(TestContext.Current.CancellationToken);
        Assert.Equal("ping"u8, Client.Beat("ping"u8.ToArray()));
        Client.Ask("interrupt_request", [], onControl: true);
        Client.ReplyTo(id);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Shutdown_IsAnswered_Published_AndEndsTheKernel(bool restart)
    {
        (Received reply, List<Received> published) = Client.Ask("shutdown_request", new() { ["restart"] = restart }, onControl: true);

        Assert.Equal(("shutdown_reply", restart), (reply.Type, reply.Content.GetProperty("restart").GetBoolean()));
        Assert.Contains(published, message => message.Type == "shutdown_reply");
        await kernel.Kernel.Ended.WaitAsync(TestContext.Current.CancellationToken);
        await kernel.Kernel.DisposeAsync();
        Assert.True(kernel.Host.Disposed);
    }

    [Fact]
    public void BackgroundOutput_StaysWithItsCell()
    {
        string first = Client.Run("later from the first").Published[0].ParentId;
        string second = Client.Execute("release");
        for (Received message = Client.Published(); ; message = Client.Published())
        {
            if (message.Type != "stream") { continue; }
            Assert.Equal((first, "from the first"), (message.ParentId, Text(message, "text")));
            break;
        }
        Client.ReplyTo(second);
    }

    [Fact]
    public void BackgroundFailure_IsShownUnderTheLastCell()
    {
        string id = Client.Run("echo 1").Published[0].ParentId;
        kernel.Kernel.ReportBackgroundFailure(new InvalidOperationException("lost"));
        Received shown = Client.Published();
        Assert.Equal(("stream", id, "stderr"), (shown.Type, shown.ParentId, Text(shown, "name")));
        Assert.Contains("lost", Text(shown, "text"), StringComparison.Ordinal);
    }

    string[] History(JsonObject content)
    {
        content.TryAdd("output", false);
        content.TryAdd("raw", true);
        return [.. Client.Ask("history_request", content).Reply.Content.GetProperty("history").EnumerateArray()
            .Select(entry => string.Join(',', entry.EnumerateArray()))];
    }

    static string Text(Received message, string name) => message.Content.GetProperty(name).GetString()!;

    static string Data(Received message, string type) => message.Content.GetProperty("data").GetProperty(type).GetString()!;
}
