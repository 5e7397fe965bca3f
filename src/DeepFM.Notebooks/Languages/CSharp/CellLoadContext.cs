using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>Loads what cells were compiled to, and the assemblies that they name; all others come from the process.</summary>
sealed class CellLoadContext() : AssemblyLoadContext("cells")
{
    readonly ConcurrentDictionary<string, Assembly> cells = new();
    readonly ConcurrentDictionary<string, (string Path, Guid Build)> files = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<string, AssemblyDependencyResolver> resolvers = new();
    readonly ConcurrentBag<string> nativeFolders = [];

    /// <summary>Loads a cell that leaves definitions behind, which later cells use.</summary>
    public Assembly LoadCell(Stream image, Stream symbols)
    {
        Assembly assembly = LoadFromStream(image, symbols);
        cells[assembly.GetName().Name!] = assembly;
        return assembly;
    }

    /// <summary>Loads a cell that nothing can refer to later: its memory is freed when its values are gone.</summary>
    public Assembly LoadTransient(Stream image, Stream symbols) => new TransientContext(this).LoadFromStream(image, symbols);

    /// <summary>Makes an assembly file loadable, with those that its <c>.deps.json</c> names or that lie beside it.</summary>
    /// <returns>Null, or the file of another build that is loaded already and stays.</returns>
    public string? AddFile(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        (string Path, Guid Build) file = (path, AssemblyFile.BuildOf(path)), known = files.GetOrAdd(name, file);
        if (known.Build != file.Build)
        {
            if (Assemblies.Any(loaded => name.Equals(loaded.GetName().Name, StringComparison.OrdinalIgnoreCase))) { return known.Path; }
            files[name] = file;
        }
        if (File.Exists(Path.ChangeExtension(path, ".deps.json"))) { resolvers.GetOrAdd(path, _ => new(path)); }
        return null;
    }

    /// <summary>Makes a folder searched for native libraries.</summary>
    public void AddNativeFolder(string folder)
    {
        if (!nativeFolders.Contains(folder)) { nativeFolders.Add(folder); }
    }

    /// <summary>The file of an assembly that was added, or that an added one needs.</summary>
    public string? PathOf(string name)
    {
        if (files.TryGetValue(name, out (string Path, Guid Build) file)) { return file.Path; }
        return resolvers.Values.Select(resolver => resolver.ResolveAssemblyToPath(new(name))).FirstOrDefault(found => found is not null)
            ?? files.Values.Select(file => Path.Combine(Path.GetDirectoryName(file.Path)!, name + ".dll")).FirstOrDefault(File.Exists);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (cells.TryGetValue(name, out Assembly? cell)) { return cell; }
        if (CellReferences.IsOfProcess(name)) { return null; }
        return PathOf(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (string folder in nativeFolders)
        {
            foreach (string name in new[] { unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so",
                $"{unmanagedDllName}.dll", $"lib{unmanagedDllName}.dylib" })
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path)) { return LoadUnmanagedDllFromPath(path); }
            }
        }
        string? found = resolvers.Values.Select(resolver => resolver.ResolveUnmanagedDllToPath(unmanagedDllName))
            .FirstOrDefault(path => path is not null);
        return found is null ? 0 : LoadUnmanagedDllFromPath(found);
    }

    sealed class TransientContext(CellLoadContext cells) : AssemblyLoadContext("cell", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => cells.Load(assemblyName);
    }
}
