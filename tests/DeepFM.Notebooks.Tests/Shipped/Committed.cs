using System.Runtime.CompilerServices;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Shipped;

/// <summary>The notebooks as they are committed.</summary>
static class Committed
{
    /// <summary>Their folder.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "notebooks");

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>A notebook's path.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A notebook.</summary>
    public static Notebook Read(string name) => Notebook.Read(PathOf(name));

    static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
