using System.Text.Json;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

public sealed class StdinChannelTests
{
    // Two windows on one kernel: what is typed in the one must not become the input of a cell that the other runs.
    [Fact]
    public async Task OnlyTheClientThatWasAsked_CanAnswer()
    {
        using StdinChannel stdin = new(new MessageCodec("key"), (_, _) => { });
        Task<string> asked = stdin.AskAsync(From("asked", "execute_request", "{}"), "Name?", password: false, TestContext.Current.CancellationToken);

        stdin.Answer(From("other", "input_reply", """{"value":"from another"}"""));
        stdin.Answer(From("asked, too", "input_reply", """{"value":"from a third"}"""));
        Assert.False(asked.IsCompleted);
        stdin.Answer(From("asked", "input_reply", """{"value":"mine"}"""));

        Assert.Equal("mine", await asked);
    }

    static JupyterMessage From(string client, string type, string content) => new(KernelChannel.Stdin, [Client.Utf8(client)],
        new(Guid.NewGuid().ToString(), type, Client.Utf8("{}")), JsonDocument.Parse(content).RootElement);
}
