namespace DeepFM.Research.Tests.Generation;

/// <summary>A folder for one test, gone after it.</summary>
sealed class TempFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("deepfm-generation-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public string[] Names => [.. folder.EnumerateFiles().Select(file => file.Name).Order()];

    public void Dispose() => folder.Delete(recursive: true);
}
