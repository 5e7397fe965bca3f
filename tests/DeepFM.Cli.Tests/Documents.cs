using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace DeepFM.Cli.Tests;

/// <summary>The repository's documents and committed files.</summary>
static class Documents
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>A file's text, by its path in the repository.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The table that a document prints from a committed file: what stands between <c>table: FILE</c> and its end.</summary>
    public static string TableOf(string document, string file)
    {
        Match match = Regex.Match(Read(document), $@"<!-- table: {Regex.Escape(file)} -->\n(?<table>.*?)<!-- end of table -->",
            RegexOptions.Singleline);
        Assert.True(match.Success, $"{document} has no table of {file}.");
        return match.Groups["table"].Value.Trim();
    }

    static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
