using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeepFM.Notebooks.Tests.Languages;

public sealed class CSharpCellTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("Enumerable.Range(1, 4).Sum()", "10")]
    [InlineData("await Task.FromResult(\"done\")", "done")]
    [InlineData("string Twice(string s) => s + s; Twice(\"ab\")", "abab")]
    [InlineData("int.TryParse(\"7\", out int parsedHere); parsedHere", "7")]
    public async Task TheLastExpression_IsTheValue(string code, string expected) => Assert.Equal(expected, await host.ValueAsync(code));

    [Theory]
    [InlineData("int quiet = 3;")]
    [InlineData("(string)null")]
    [InlineData("Console.Write(\"\")")]
    [InlineData("")]
    [InlineData("// nothing")]
    public async Task NothingToShow_ShowsNothing(string code)
    {
        CellResult result = await host.RunAsync(code);
        Assert.True(result.Succeeded);
        Assert.Null(result.Value);
    }

    // Scripts have no such declaration; the compiler alone says something of tokens.
    [Theory]
    [InlineData("using var s = new System.IO.MemoryStream();")]
    [InlineData("int before = 1;\nawait using System.IO.MemoryStream s = new();\ns.Length")]
    public async Task AUsingDeclaration_IsAnsweredWithHowItIsWritten(string code)
    {
        CellResult result = await host.RunAsync(code);
        Assert.Contains("write using (var x = …) { … }, or var x = …; and x.Dispose();", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("0", await host.ValueAsync("using (var s = new System.IO.MemoryStream()) { display(1); } 0"));
        Assert.DoesNotContain("Dispose", (await host.RunAsync("int unfinished = 1")).ErrorMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definitions_LastFromCellToCell_AndCanBeReplaced()
    {
        await host.ValueAsync("using System.Globalization; int kept = 5; class Point { public int X; } int Add(int a) => a + kept;");
        Assert.Equal("12", await host.ValueAsync("kept = 9; Add(3)"));
        Assert.Equal("4", await host.ValueAsync("new Point { X = 4 }.X"));
        Assert.Equal("NaN", await host.ValueAsync("double.NaN.ToString(CultureInfo.InvariantCulture)"));
        await host.ValueAsync("string kept = \"text\"; class Point { public string Y = \"new\"; }");
        Assert.Equal("textnew", await host.ValueAsync("kept + new Point().Y"));
    }

    [Fact]
    public async Task ACellOfUsingsAlone_Counts()
    {
        Assert.Null(await host.ValueAsync("#r \"DeepFM.Core\"\nusing DeepFM.Models;\nusing static System.Math;"));
        Assert.Equal("3deepfm", await host.ValueAsync("Max(2, 3) + ModelCatalog.Get(\"deepfm\").Name"));
    }

    [Fact]
    public async Task WhatACellDefinedBeforeItFailed_Stays()
    {
        CellResult failed = await host.RunAsync("int before = 6;\nthrow new InvalidOperationException(\"no\");");
        Assert.False(failed.Succeeded);
        Assert.Equal("6", await host.ValueAsync("before"));
    }

    [Fact]
    public async Task CompileErrors_NameLineAndColumn_AndShowTheLine()
    {
        CellResult result = await host.RunAsync("int fine = 1;\nvar sum = fine + missing;");

        Assert.False(result.Succeeded);
        Assert.Equal("CompilationError", result.ErrorName);
        Assert.Equal("(2,18): error CS0103: The name 'missing' does not exist in the current context", result.ErrorMessage);
        Assert.Equal(["(2,18): error CS0103: The name 'missing' does not exist in the current context",
            "    var sum = fine + missing;", "                     ^^^^^^^"], result.Traceback);
        Assert.Contains("CS0103", (await host.RunAsync("fine")).ErrorMessage, StringComparison.Ordinal);   // nothing of it was run
    }

    [Fact]
    public async Task Exceptions_AreTracedToTheUsersLines_Alone()
    {
        await host.ValueAsync("int Divide(int a,\n  int b) =>\n  a / b;");
        CellResult result = await host.RunAsync("// first line\nvar list = new List<int> { 0 };\nlist.Select(x => Divide(1, x)).ToList()");

        Assert.Equal("System.DivideByZeroException", result.ErrorName);
        Assert.Equal("Attempted to divide by zero.", result.ErrorMessage);
        IReadOnlyList<string> lines = result.Traceback!;
        Assert.Equal("System.DivideByZeroException: Attempted to divide by zero.", lines[0]);
        Assert.Matches(@"^   at cell \d+, line 3 in Divide$", lines[1]);
        Assert.Contains(lines, line => line.EndsWith(":  list.Select(x => Divide(1, x)).ToList()", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("System.Linq", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UserErrors_AreTheirMessage_AndInnerExceptionsAreNamed()
    {
        CellResult user = await host.RunAsync("#r \"DeepFM.Core\"\nDeepFM.Models.ModelCatalog.Get(\"deepfn\")");
        Assert.Equal("UserError", user.ErrorName);
        Assert.StartsWith("There is no model 'deepfn'; did you mean 'deepfm'?", user.ErrorMessage, StringComparison.Ordinal);

        CellResult inner = await host.RunAsync("throw new Exception(\"outer\", new ArgumentException(\"inner\"));");
        Assert.Contains("caused by System.ArgumentException: inner", inner.Traceback!);
    }

    [Fact]
    public async Task OnlyUsefulWarnings_AreShown()
    {
        RecordedOutput output = new();
        await host.RunAsync("async Task Later() => await Task.Yield();\nint unused;\n"
            + "async Task Both()\n{\n    Later();\n    await Later();\n}", output);

        Assert.Contains("(5,5): warning CS4014", output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("CS0168", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStackOverflow_OfACell_IsAnException()
    {
        CellResult result = await host.RunAsync("int Down(int n) => 1 + Down(n + 1);\nDown(0)");
        Assert.Equal("System.InsufficientExecutionStackException", result.ErrorName);
        Assert.InRange(result.Traceback!.Count, 20, 40);
        Assert.Contains(result.Traceback!, line => line.EndsWith(" more", StringComparison.Ordinal));
        Assert.Equal("2", await host.ValueAsync("1 + 1"));
    }

    [Fact]
    public async Task ScriptsAreLoaded_FromTheCurrentFolder()
    {
        string file = Path.Combine(Path.GetTempPath(), $"cells-{Guid.NewGuid():N}.csx");
        await File.WriteAllTextAsync(file, "int FromFile() => 41;\nint Broken() => throw new Exception(\"in file\");",
            TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal("42", await host.ValueAsync($"#load \"{file}\"\nFromFile() + 1"));
            CellResult broken = await host.RunAsync("Broken()");
            Assert.Contains(broken.Traceback!, line => line.Contains(".csx, line 2 in Broken", StringComparison.Ordinal));
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public async Task AMissingReference_SaysWhereItWasLookedFor()
    {
        CellResult result = await host.RunAsync("#r \"nowhere/none.dll\"\n1");
        Assert.StartsWith("(1,1): error CS0006: Metadata file 'nowhere/none.dll' could not be found. Relative paths start at ",
            result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheKitsAssemblies_AreThoseOfTheKernel()
    {
        string path = typeof(CellHost).Assembly.Location;
        string folder = Directory.CreateTempSubdirectory("cells-").FullName, copy = Path.Combine(folder, "DeepFM.Notebooks.dll");
        try
        {
            File.Copy(path, copy);
            Assert.Equal(path, await host.ValueAsync($"#r \"{copy}\"\nusing DeepFM.Notebooks;\ntypeof(Cell).Assembly.Location"));
        }
        finally { Directory.Delete(folder, recursive: true); }
        Assert.Equal("DeepFM.Core", await host.ValueAsync("typeof(DeepFM.Models.ModelCatalog).Assembly.GetName().Name"));
    }

    [Fact]
    public async Task AnAssembly_IsReferencedByItsPath()
    {
        string path = typeof(CsCheck.Gen).Assembly.Location;                        // the kernel itself does not run on it
        Assert.Equal("CsCheck", await host.ValueAsync($"#r \"{path}\"\ntypeof(CsCheck.Gen).Assembly.GetName().Name"));
    }

    [Theory]
    [InlineData("csharp", "1")]
    [InlineData("fsharp", "1")]
    public async Task AnAssemblyThatWasLoaded_AndHasChanged_IsRefused(string language, string first)
    {
        string folder = Directory.CreateTempSubdirectory("cells-").FullName, name = $"Rebuilt{language}", path = Path.Combine(folder, $"{name}.dll");
        try
        {
            Build(path, 1);
            string read = $"#!{language}\n#r @\"{path}\"\n{name}.Value.Get()";
            if (language == "csharp") { read = read.Replace("@", "", StringComparison.Ordinal); }
            Assert.Equal(first, await host.ValueAsync(read));
            Assert.Equal(first, await host.ValueAsync(read));
            File.Delete(path);
            Build(path, 2);
            CellResult changed = await host.RunAsync(read);
            Assert.Equal(("ReferenceError", $"{path} has changed since it was loaded. Restart the kernel to use what it is now."),
                (changed.ErrorName, changed.ErrorMessage));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public async Task AnAssembly_IsTakenAsItIs_UntilItIsLoaded_AndOnlyThen()
    {
        string folder = Directory.CreateTempSubdirectory("cells-").FullName, path = Path.Combine(folder, "a", "Twice.dll");
        string other = Path.Combine(folder, "b", "Twice.dll");
        try
        {
            Build(path, 1);
            Assert.Equal("0", await host.ValueAsync($"#r \"{path}\"\n0"));
            File.Delete(path);
            Build(path, 2);
            Assert.Equal("2", await host.ValueAsync($"#r \"{path}\"\nTwice.Value.Get()"));
            Build(other, 3);
            CellResult second = await host.RunAsync($"#r \"{other}\"\nTwice.Value.Get()");
            Assert.Equal($"{path} is loaded already, so {other}, another build of that name, cannot be. Restart the kernel to use it.",
                second.ErrorMessage);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    static void Build(string path, int value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string name = Path.GetFileNameWithoutExtension(path);
        SyntaxTree tree = CSharpSyntaxTree.ParseText($"namespace {name}; public static class Value {{ public static int Get() => {value}; }}");
        Assert.True(CSharpCompilation.Create(name, [tree], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new(OutputKind.DynamicallyLinkedLibrary)).Emit(path).Success);
    }
}
