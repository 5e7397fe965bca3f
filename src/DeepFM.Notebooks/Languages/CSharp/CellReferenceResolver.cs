using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>Finds what <c>#r</c> names, and what a referenced assembly needs in turn.</summary>
/// <param name="context">Where assemblies are loaded from; it is told each file.</param>
/// <param name="packages">Restores <c>nuget:</c> references.</param>
sealed class CellReferenceResolver(CellLoadContext context, PackageRestore packages) : MetadataReferenceResolver
{
    // Machinery of the kernel: a cell that wants it says so with #r.
    static readonly string[] hidden = ["Microsoft.CodeAnalysis", "FSharp.Compiler", "FSharp.DependencyManager", "NetMQ",
        "AsyncIO", "NaCl", "Humanizer", "Microsoft.DiaSymReader", "System.Composition", "System.ServiceModel"];

    /// <summary>Of a file that was asked for when another build of it was loaded already; null when there was none.</summary>
    public string? Late { get; set; }

    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        string name = referenceIdentity.Name;
        if (hidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) { return null; }
        return CellReferences.OfProcess(name) ?? (context.PathOf(name) is { } path ? CellReferences.Open(path) : null);
    }

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath,
        MetadataReferenceProperties properties)
    {
        if (PackageRestore.IsPackage(reference))
        {
            // A directive stands for one reference alone; the package's assemblies come with the cell's other references.
            return packages.Has(reference) && CellReferences.OfProcess("System.Runtime") is { } any ? [any] : [];
        }
        string folder = Path.IsPathRooted(baseFilePath) ? Path.GetDirectoryName(baseFilePath)! : Environment.CurrentDirectory;
        string path = Path.GetFullPath(Path.Combine(folder, reference));
        if (File.Exists(path))
        {
            if (context.AddFile(path) is not { } loaded) { return [Reference(path)]; }
            Late = AssemblyFile.Late(path, loaded);
            return [];
        }
        string name = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? reference[..^4] : reference;
        return CellReferences.OfProcess(name.Split(',')[0].Trim()) is { } known ? [known] : [];
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>A file as a reference, or the process's own assembly of its name.</summary>
    public static PortableExecutableReference Reference(string path) =>
        CellReferences.OfProcess(Path.GetFileNameWithoutExtension(path)) ?? CellReferences.Open(path);
}
