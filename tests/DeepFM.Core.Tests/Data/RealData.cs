using System.Runtime.CompilerServices;

namespace DeepFM.Core.Tests.Data;

/// <summary>The real data sets, which the terms of most keep out of the repository.</summary>
static class RealData
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    /// <summary>The path of a file, or the test is skipped with a message that says where to put it.</summary>
    public static string File(string name)
    {
        string?[] folders =
        [
            Environment.GetEnvironmentVariable("DEEPFM_DATA"),
            Path.Combine(Root, "data"),
            Path.Combine(Root, "..", "shared", "data"),
        ];
        string? path = folders.Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.GetFullPath(Path.Combine(folder!, name)))
            .FirstOrDefault(System.IO.File.Exists);
        if (path is null)
        {
            Assert.Skip($"Needs {name}: put it into data/, or set DEEPFM_DATA to the folder that has it (see data/README.md).");
        }
        return path;
    }

    /// <summary>A schema of data/schemas.</summary>
    public static Schema Schema(string name) => DeepFM.Data.Schema.Load(Path.Combine(Root, "data", "schemas", name + ".json"));

    static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
