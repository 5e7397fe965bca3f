using System.Text.Json;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Kernel specs that are installed, kept apart from foreign ones, listed and removed.</summary>
public sealed class KernelSpecTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-specs-").FullName;
    readonly string program = typeof(KernelSpecTests).Assembly.Location;    // any file that is there

    KernelSpecStore Store => new(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Install_WritesWhatJupyterNeeds()
    {
        KernelSpec spec = Store.Install(KernelSpecStore.StandardName, program, force: false);

        Assert.Equal((".net-csharp", ".NET (C#)", true, (string?)null), (spec.Name, spec.DisplayName, spec.IsOurs, spec.Problem));
        Assert.Equal(["kernel.json", "logo-64x64.png", "logo-svg.svg"], Files(spec.Folder));
        JsonElement json = JsonDocument.Parse(File.ReadAllText(Path.Combine(spec.Folder, "kernel.json"))).RootElement;
        string?[] argv = [.. json.GetProperty("argv").EnumerateArray().Select(word => word.GetString())];
        Assert.True(File.Exists(argv[0]));
        Assert.Equal([program, "kernel", "--connection-file", "{connection_file}"], argv[1..]);
        Assert.Equal(("C#", "message"), (json.GetProperty("language").GetString(), json.GetProperty("interrupt_mode").GetString()));
        Assert.Equal("0", json.GetProperty("env").GetProperty("DOTNET_TieredPGO").GetString());
        Assert.Equal([137, 80, 78, 71], File.ReadAllBytes(Path.Combine(spec.Folder, "logo-64x64.png"))[..4]);
    }

    [Fact]
    public void Install_RenewsItsOwn()
    {
        Store.Install("mine", program, force: false);
        KernelSpec moved = Store.Install("mine", program + ".gone", force: false);
        Assert.Equal($"{program}.gone is missing", moved.Problem);
        Assert.Single(Store.List());
    }

    [Fact]
    public void Install_RefusesToReplaceAForeignOne_UnlessForced()
    {
        string foreign = Foreign(".net-csharp", """{ "argv": ["dotnet", "interactive"], "display_name": "Theirs", "language": "C#" }""");
        File.WriteAllText(Path.Combine(foreign, "kernel.js"), "");

        UserErrorException refused = Assert.Throws<UserErrorException>(() => Store.Install(".net-csharp", program, force: false));
        Assert.Contains($"{foreign}: there is a kernel 'Theirs'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Theirs", File.ReadAllText(Path.Combine(foreign, "kernel.json")), StringComparison.Ordinal);

        Assert.True(Store.Install(".net-csharp", program, force: true).IsOurs);
        Assert.Equal(["kernel.json", "logo-64x64.png", "logo-svg.svg"], Files(foreign));
    }

    [Theory, InlineData(""), InlineData("."), InlineData(".."), InlineData("a/b"), InlineData("a b"), InlineData("a\n"), InlineData("ä")]
    public void Install_RefusesNamesThatJupyterRefuses(string name)
    {
        UserErrorException refused = Assert.Throws<UserErrorException>(() => Store.Install(name, program, force: true));
        Assert.Contains($"'{name}' is not allowed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Uninstall_RemovesItsOwnAlone()
    {
        string foreign = Foreign("theirs", """{ "argv": ["x"], "display_name": "Theirs" }""");
        KernelSpec spec = Store.Install("mine", program, force: false);

        Assert.Equal("mine", Store.Uninstall("mine").Name);
        Assert.False(Directory.Exists(spec.Folder));
        Assert.Contains("this kit has not installed the kernel 'Theirs'",
            Assert.Throws<UserErrorException>(() => Store.Uninstall("theirs")).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(foreign));
        Assert.Contains("there is no such kernel",
            Assert.Throws<UserErrorException>(() => Store.Uninstall("mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_SaysWhatIsBroken()
    {
        Store.Install("good", program, force: false);
        Foreign("a-damaged", "{");
        Foreign("b-odd", "[]");
        Foreign("c-lost", """{ "argv": ["/nowhere/dotnet"], "display_name": "Lost" }""");
        Foreign("d-empty", """{ "display_name": "Empty" }""");
        Directory.CreateDirectory(Path.Combine(folder, "kernels", "no-spec"));

        Assert.Equal(["a-damaged", "b-odd", "c-lost", "d-empty", "good"], Store.List().Select(spec => spec.Name));
        Assert.Equal([true, true, true, true, false], Store.List().Select(spec => spec.Problem is not null));
        Assert.Equal([false, false, false, false, true], Store.List().Select(spec => spec.IsOurs));
    }

    string Foreign(string name, string json)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, "kernels", name)).FullName;
        File.WriteAllText(Path.Combine(path, "kernel.json"), json);
        return path;
    }

    static IEnumerable<string?> Files(string path) => Directory.EnumerateFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
