using System.Text.Json.Nodes;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Files;

[Collection(nameof(Alone))]
public sealed class NotebookRunnerTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("notebooks-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ARun_WritesOutputsIntoACopy()
    {
        string path = Write("a.ipynb", ("code", "int n = 2;"), ("markdown", "# text"),
            ("code", "Console.Write(\"x\\ny\"); var d = display(\"one\"); n * 21"),
            ("code", "d.Update(\"two\");"), ("code", "System.IO.File.WriteAllText(\"here.txt\", \"\");"));
        string before = File.ReadAllText(path), current = Environment.CurrentDirectory;
        List<NotebookProgress> progress = [];
        NotebookRunner runner = new() { Progress = new Told(progress) };
        await runner.RunAsync(path, Path.Combine(folder, "out", "a.ipynb"), TestContext.Current.CancellationToken);

        Assert.Equal((before, current), (File.ReadAllText(path), Environment.CurrentDirectory));
        Assert.True(File.Exists(Path.Combine(folder, "here.txt")));
        Assert.Equal([1, 3, 4, 5], progress.Select(told => told.Cell));
        JsonArray cells = Cells("out/a.ipynb");
        Assert.Equal([1, null, 2, 3, 4], cells.Select(cell => (int?)cell!["execution_count"]));
        JsonArray outputs = cells[2]!["outputs"]!.AsArray();
        Assert.Equal(["stream", "display_data", "execute_result"], outputs.Select(output => (string?)output!["output_type"]));
        Assert.Equal("""["x\n","y"]""", outputs[0]!["text"]!.ToJsonString());
        Assert.Equal("two", (string?)outputs[1]!["data"]!["text/plain"]![0]);
        Assert.Equal("42", (string?)outputs[2]!["data"]!["text/plain"]![0]);
        Assert.Equal(2, (int?)outputs[2]!["execution_count"]);
    }

    [Fact]
    public async Task AFailingCell_StopsTheRun_AndTheCopyHasTheError()
    {
        string path = Write("b.ipynb", ("markdown", "x"), ("code", "int a = 1;\nthrow new InvalidOperationException(\"broken\");"),
            ("code", "2"));
        NotebookFailedException failed = await Assert.ThrowsAsync<NotebookFailedException>(() =>
            new NotebookRunner().RunAsync(path, Path.Combine(folder, "out", "b.ipynb")));

        Assert.StartsWith("b.ipynb, cell 2 of 3 failed:\n    int a = 1;\n    throw new InvalidOperationException(\"broken\");\n"
            + "System.InvalidOperationException: broken\n   at cell 1, line 2",
            failed.Message, StringComparison.Ordinal);
        JsonArray cells = Cells("out/b.ipynb");
        Assert.Equal("System.InvalidOperationException", (string?)cells[1]!["outputs"]![0]!["ename"]);
        Assert.Equal("[]", cells[2]!["outputs"]!.ToJsonString());
    }

    [Fact]
    public async Task ACellThatTakesTooLong_IsSaidSo()
    {
        string path = Write("c.ipynb", ("code", "while (true) { }"));
        NotebookFailedException failed = await Assert.ThrowsAsync<NotebookFailedException>(() =>
            new NotebookRunner { TimeoutSeconds = 0.3 }.RunAsync(path, Path.Combine(folder, "out", "c.ipynb")));
        Assert.EndsWith("It took more than 0.3 s. Give a longer --timeout, or make the cell's work smaller.", failed.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongUse_IsExplained()
    {
        string path = Write("d.ipynb", ("code", "1"));
        UserErrorException same = await Assert.ThrowsAsync<UserErrorException>(() => new NotebookRunner().RunAsync(path, path));
        Assert.EndsWith("the copy would replace the notebook itself. Choose another folder with --out.", same.Message,
            StringComparison.Ordinal);

        string copy = Path.Combine(folder, "out.ipynb");
        UserErrorException untagged = await Assert.ThrowsAsync<UserErrorException>(() =>
            new NotebookRunner { Parameters = new Dictionary<string, string> { ["a"] = "1" } }.RunAsync(path, copy));
        Assert.StartsWith("d.ipynb: no cell has the tag 'parameters'", untagged.Message, StringComparison.Ordinal);

        File.WriteAllText(path, File.ReadAllText(path).Replace("C#", "python", StringComparison.Ordinal));
        UserErrorException python = await Assert.ThrowsAsync<UserErrorException>(() => new NotebookRunner().RunAsync(path, copy));
        Assert.StartsWith("d.ipynb is a notebook for python; only C# and F# are run.", python.Message, StringComparison.Ordinal);
        Assert.Contains("--timeout 0 is not allowed", Assert.Throws<UserErrorException>(() => new NotebookRunner { TimeoutSeconds = 0 })
            .Message, StringComparison.Ordinal);
    }

    JsonArray Cells(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name)))!["cells"]!.AsArray();

    string Write(string name, params (string Kind, string Source)[] cells)
    {
        JsonObject notebook = new()
        {
            ["cells"] = new JsonArray([.. cells.Select(cell =>
                new JsonObject { ["cell_type"] = cell.Kind, ["metadata"] = new JsonObject(), ["source"] =
                NotebookCell.Lines(cell.Source) })]),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["language"] = "C#" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        };
        foreach (JsonNode? cell in notebook["cells"]!.AsArray())
        {
            if ((string?)cell!["cell_type"] == "code") { cell["execution_count"] = null; cell["outputs"] = new JsonArray(); }
        }
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, notebook.ToJsonString());
        return path;
    }

    sealed class Told(List<NotebookProgress> list) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => list.Add(value);
    }
}
