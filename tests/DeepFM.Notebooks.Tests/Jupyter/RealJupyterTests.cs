using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>The kernel under Jupyter's own client. Skipped without Jupyter, unless DEEPFM_REQUIRE_TOOLS is 1.</summary>
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

    [Fact]
    public async Task JupytersClient_RunsInterruptsAndRestarts_CSharp()
    {
        AddCSharp();

        JsonElement seen = await Drive("cs", "1 + 1", "await Task.Delay(-1)");

        AssertAllWent(seen);
        Assert.Equal("2", seen.GetProperty("text")[0].GetString());
    }

    [Fact]
    public async Task Nbconvert_ExecutesANotebook()
    {
        AddCSharp();
        WriteNotebook("good.ipynb", "int x = 20;\nConsole.WriteLine($\"x is {x}\");\nx + 1", "display(\"shown\");", "x * 2");

        await Nbconvert("good.ipynb");

        JsonElement[][] outputs = Outputs("good.ipynb");
        Assert.Equal(["stream", "execute_result"], outputs[0].Select(output => output.GetProperty("output_type").GetString()));
        Assert.Equal("x is 20\n", Joined(outputs[0][0].GetProperty("text")));
        Assert.Equal("21", Joined(outputs[0][1].GetProperty("data").GetProperty("text/plain")));
        Assert.Equal("display_data", Assert.Single(outputs[1]).GetProperty("output_type").GetString());
        Assert.Equal("40", Joined(outputs[2][0].GetProperty("data").GetProperty("text/plain")));
    }

    [Fact]
    public async Task Nbconvert_StopsAtACellThatFails_AndNamesTheError()
    {
        AddCSharp();
        WriteNotebook("bad.ipynb", "1", "throw new InvalidOperationException(\"broken on purpose\");", "3");

        (int code, _, string error) = await jupyter.TryPython(NbconvertArguments("bad.ipynb"));

        Assert.NotEqual(0, code);
        Assert.Contains("broken on purpose", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nbconvert_StopsAtACellThatEndsTheProcess_AndSaysSo()
    {
        AddCSharp();
        WriteNotebook("exit.ipynb", "Environment.Exit(3);", "2");

        (int code, _, string error) = await jupyter.TryPython(NbconvertArguments("exit.ipynb"));

        Assert.NotEqual(0, code);
        Assert.Contains("ended the kernel's process with exit code 3", error, StringComparison.Ordinal);
    }

    void AddCSharp() => jupyter.AddKernel("cs", "dotnet", Path.Combine(AppContext.BaseDirectory, "deepfm.dll"),
        "kernel", "--connection-file", "{connection_file}");

    string[] NbconvertArguments(string name) => ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace",
        "--ExecutePreprocessor.timeout=120", jupyter[name]];

    Task<string> Nbconvert(string name) => jupyter.Python(NbconvertArguments(name));

    void WriteNotebook(string name, params string[] cells) => File.WriteAllText(jupyter[name], new JsonObject
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["name"] = "cs", ["display_name"] = "C#", ["language"] = "C#" },
        },
        ["cells"] = new JsonArray([.. cells.Select((code, number) => new JsonObject
        {
            ["id"] = $"cell{number}",
            ["cell_type"] = "code",
            ["metadata"] = new JsonObject(),
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = code,
        })]),
    }.ToJsonString());

    JsonElement[][] Outputs(string name) => [.. JsonDocument.Parse(File.ReadAllText(jupyter[name])).RootElement
        .GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("outputs").EnumerateArray().ToArray())];

    // A notebook holds text as a string or as lines.
    static string Joined(JsonElement text) => text.ValueKind == JsonValueKind.Array
        ? string.Concat(text.EnumerateArray().Select(line => line.GetString()))
        : text.GetString()!;

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
