using System.Text.Json;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>The kernel under Jupyter's own client. Skipped without Jupyter, unless DEEPFM_REQUIRE_JUPYTER is 1.</summary>
public sealed class RealJupyterTests : IDisposable
{
    readonly RealJupyter jupyter = new();

    public void Dispose() => jupyter.Dispose();

    [Fact]
    public async Task JupytersClient_RunsInterruptsAndRestarts()
    {
        jupyter.AddKernel("fake", "dotnet", typeof(Program).Assembly.Location, Program.FakeKernel, "{connection_file}");

        JsonElement seen = await Drive("fake", "echo 2", "wait");

        AssertAllWent(seen);
        Assert.Equal("2", seen.GetProperty("text")[0].GetString());
        Assert.Equal("echo 2", seen.GetProperty("history")[0].GetString());
    }

    async Task<JsonElement> Drive(string kernel, string value, string wait) => JsonDocument.Parse(
        await jupyter.Python(Path.Combine(AppContext.BaseDirectory, "Jupyter", "drive_kernel.py"), kernel, value, wait)).RootElement;

    static void AssertAllWent(JsonElement seen)
    {
        string Text(string name) => seen.GetProperty(name).GetString()!;
        Assert.Equal(("ok", "ok", "complete"), (Text("status"), Text("complete"), Text("is_complete")));
        Assert.Equal(["status", "execute_input", "execute_result", "status"],
            seen.GetProperty("types").EnumerateArray().Select(type => type.GetString()));
        Assert.True(seen.GetProperty("alive").GetBoolean());
        Assert.Equal(("error", "ok", "ok"), (Text("interrupted"), Text("after_interrupt"), Text("after_restart")));
        Assert.Equal(1, seen.GetProperty("count_after_restart").GetInt32());
        Assert.True(seen.GetProperty("gone").GetBoolean());
    }
}
