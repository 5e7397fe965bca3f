namespace DeepFM.Training;

/// <summary>What binds a saved model's files together: their form, and the SHA-256 of each.</summary>
/// <remarks>Written last, as <c>manifest.json</c>. Form 1, of models without it, bound the weights to the feature map alone.</remarks>
sealed record ModelManifest
{
    public const string Name = "manifest.json";

    /// <summary>The form that <see cref="SavedModel.Save(string, RunSettings, Data.FeatureMap, EngineParameters)"/> writes.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The form of the whole directory; a reader refuses later ones.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>SHA-256 of each other file by its name, as 64 hexadecimal digits.</summary>
    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }

    /// <summary>Reads a model's manifest.</summary>
    /// <exception cref="UserErrorException">It is missing, damaged, or of another form.</exception>
    public static ModelManifest Read(string directory)
    {
        string path = Path.Combine(directory, Name);
        ModelManifest manifest = JsonFiles.Read<ModelManifest>(path);
        return manifest.FormatVersion == CurrentVersion ? manifest : throw new UserErrorException(
            $"{path} has format version {manifest.FormatVersion}; this kit reads models of {CurrentVersion}, and those without a manifest. "
            + "Use the kit that wrote it, or train again.");
    }

    /// <summary>Refuses a file that is not the one that was written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="found">Its SHA-256.</param>
    /// <exception cref="UserErrorException">It is another one; the message names it.</exception>
    public void Require(string path, string found)
    {
        string? expected = Sha256.GetValueOrDefault(Path.GetFileName(path));
        if (found != expected)
        {
            throw new UserErrorException($"{path} has SHA-256 {found}, but {Name} says {expected ?? "nothing of it"}: it is not the file that "
                + "was written with this model, whose scores would be others. Put back the files that were written together, or train again.");
        }
    }
}
