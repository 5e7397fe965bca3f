using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>The assemblies that every cell may use, and where those of this process lie.</summary>
static class CellReferences
{
    // Every reference costs each compilation some time and memory, so assemblies that only forward to others are left to be
    // found when something asks for them.
    static readonly string[] frameworkNames =
    [
        "Microsoft.CSharp", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable",
        "System.Collections.NonGeneric", "System.Collections.Specialized", "System.ComponentModel.Annotations",
        "System.ComponentModel.Primitives", "System.ComponentModel.TypeConverter", "System.Console", "System.Data.Common",
        "System.Diagnostics.DiagnosticSource", "System.Diagnostics.Process", "System.Diagnostics.StackTrace",
        "System.Drawing.Primitives", "System.IO.Compression", "System.IO.Compression.ZipFile", "System.IO.MemoryMappedFiles",
        "System.IO.Pipelines", "System.Linq", "System.Linq.AsyncEnumerable", "System.Linq.Expressions", "System.Linq.Parallel",
        "System.Linq.Queryable", "System.Memory", "System.Net.Http", "System.Net.Http.Json", "System.Net.Primitives",
        "System.Net.Sockets", "System.Numerics.Tensors", "System.ObjectModel", "System.Private.CoreLib", "System.Private.Uri",
        "System.Private.Xml", "System.Private.Xml.Linq", "System.Runtime", "System.Runtime.InteropServices",
        "System.Runtime.Numerics", "System.Security.Cryptography", "System.Text.Encodings.Web", "System.Text.Json",
        "System.Text.RegularExpressions", "System.Threading", "System.Threading.Channels", "System.Threading.Tasks.Dataflow",
        "System.Threading.Tasks.Parallel", "System.Web.HttpUtility",
        "DeepFM.Notebooks", "Microsoft.AspNetCore.Html.Abstractions", "Microsoft.DotNet.Interactive.Formatting",
    ];

    static readonly Lazy<Dictionary<string, string>> process = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    static readonly Dictionary<(string Path, DateTime Written), PortableExecutableReference> opened = [];

    static readonly Lazy<ImmutableArray<MetadataReference>> standard = new(() =>
        [.. frameworkNames.Select(OfProcess).OfType<MetadataReference>()]);

    /// <summary>Paths of all assemblies of the framework.</summary>
    public static IEnumerable<string> Framework
    {
        get
        {
            string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            return process.Value.Values.Where(path => Path.GetDirectoryName(path) == folder);
        }
    }

    /// <summary>What every cell may use without a directive.</summary>
    public static ImmutableArray<MetadataReference> Standard => standard.Value;

    /// <summary>
    /// The assembly of this name that the process itself runs on. A cell gets that one, whatever path it names: a second copy
    /// would have other types of the same names.
    /// </summary>
    public static PortableExecutableReference? OfProcess(string name) =>
        process.Value.TryGetValue(name, out string? path) ? Open(path) : null;

    /// <summary>Whether the process itself runs on an assembly of this name.</summary>
    public static bool IsOfProcess(string name) => process.Value.ContainsKey(name);

    /// <summary>A file as a reference; the same object until the file changes, so that it is read once.</summary>
    public static PortableExecutableReference Open(string path)
    {
        (string, DateTime) file = (path, File.GetLastWriteTimeUtc(path));
        lock (opened)
        {
            if (!opened.TryGetValue(file, out PortableExecutableReference? reference))
            {
                string documentation = Path.ChangeExtension(path, ".xml");
                opened[file] = reference = MetadataReference.CreateFromFile(path, documentation:
                    File.Exists(documentation) ? XmlDocumentationProvider.CreateFromFile(documentation) : null);
            }
            return reference;
        }
    }
}
