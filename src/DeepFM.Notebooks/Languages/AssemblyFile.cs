using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Languages;

/// <summary>Assembly files that cells reference: a process loads one build of each, and keeps it.</summary>
static class AssemblyFile
{
    /// <summary>Tells the builds of an assembly apart; empty when the file is none.</summary>
    public static Guid BuildOf(string path)
    {
        try
        {
            using PEReader file = new(File.OpenRead(path));
            MetadataReader reader = file.GetMetadataReader();
            return reader.GetGuid(reader.GetModuleDefinition().Mvid);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            return Guid.Empty;
        }
    }

    /// <summary>What to say of a file that comes too late.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loaded">What was loaded before.</param>
    public static string Late(string path, string loaded) => path == loaded
        ? $"{path} has changed since it was loaded. Restart the kernel to use what it is now."
        : $"{loaded} is loaded already, so {path}, another build of that name, cannot be. Restart the kernel to use it.";

    /// <summary>The refusal of such a file.</summary>
    public static CellFailedException Refused(string late) => new("ReferenceError", late, [late]);
}
