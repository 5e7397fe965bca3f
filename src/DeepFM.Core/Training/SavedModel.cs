using System.Security.Cryptography;
using DeepFM.Data;
using DeepFM.Data.Encoders;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>A trained model in a directory: its settings, its feature map and its weights.</summary>
/// <remarks>
/// <c>config.json</c> (<see cref="RunSettings"/>), <c>features.json</c> (<see cref="FeatureMap"/>),
/// <c>weights.safetensors</c> (every parameter and running statistic by name, float32, which Python reads as it is) and
/// <c>manifest.json</c>, which has the SHA-256 of the others: a model with a file of another is refused. Models of the kit before it had
/// one are read; their weights are bound to <c>features.json</c> alone.
/// </remarks>
public sealed class SavedModel : IDisposable
{
    internal const string ConfigName = "config.json", FeaturesName = "features.json";
    const string WeightsName = "weights.safetensors";
    const string OldDigestKey = "features_sha256";      // in the weights of a model without a manifest

    SavedModel(RunSettings settings, FeatureMap features, Engine engine, IReadOnlyList<string> notices)
    {
        Settings = settings;
        Features = features;
        Engine = engine;
        Notices = notices;
    }

    /// <summary>The settings that it was trained with.</summary>
    public RunSettings Settings { get; }

    /// <summary>Turns rows into the ids that the weights belong to.</summary>
    public FeatureMap Features { get; }

    /// <summary>Scores rows.</summary>
    public Engine Engine { get; }

    /// <summary>What a reader of the scores should know of the model's files, a plain sentence each; empty for a model with a manifest.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Writes a model; the directory appears whole or not at all, and replaces one that is there.</summary>
    public static void Save(string directory, RunSettings settings, FeatureMap features, EngineParameters parameters)
    {
        using BesideFolder folder = Write(directory, settings, features, parameters);
        folder.Commit();
        folder.Finish();
    }

    /// <summary>Writes a model beside its place, which the caller gives it.</summary>
    internal static BesideFolder Write(string directory, RunSettings settings, FeatureMap features, EngineParameters parameters)
    {
        BesideFolder folder = new(directory);
        try
        {
            WriteFiles(folder.Path, settings, features, parameters);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Reads a model, ready to score.</summary>
    /// <param name="directory">Where <see cref="Save(string, RunSettings, FeatureMap, EngineParameters)"/> wrote it.</param>
    /// <param name="threads">Threads to score with, at least 1.</param>
    /// <exception cref="UserErrorException">
    /// A file is missing or damaged, or is not the one that was written; the message names the file, what it has and what is
    /// expected. Or the tables do not fit into memory.
    /// </exception>
    public static SavedModel Load(string directory, int threads) => Load(directory, threads, AvailableMemory.Bytes);

    /// <summary>The same with so much memory; null when that is unknown.</summary>
    internal static SavedModel Load(string directory, int threads, long? memory)
    {
        RequireFiles(directory);
        string weightsPath = Path.Combine(directory, WeightsName), featuresPath = Path.Combine(directory, FeaturesName);
        string configPath = Path.Combine(directory, ConfigName);
        using SafeTensorsFile weights = SafeTensorsFile.Open(weightsPath);
        ModelManifest? manifest = ManifestOf(directory, weights);
        manifest?.Require(configPath, DigestOf(configPath));
        RunSettings settings = JsonFiles.Read<RunSettings>(configPath);
        FeatureMap features = FeatureMapFile.Read(featuresPath, out string featuresDigest);
        if (manifest is null) { RequireOldDigest(weights, featuresPath, featuresDigest); }
        manifest?.Require(featuresPath, featuresDigest);
        ModelDefinition definition = Define(settings, features, configPath);
        ModelWeights.RequireShapes(weights, definition, features.FeatureCount);

        AvailableMemory.Require(Engine.TableBytesOf(definition, features.FeatureCount, OptimizerKind.Sgd, keepsBest: false),
            FormattableString.Invariant($"The tables of {features.FeatureCount:N0} ids"), "Score on a machine with more.", memory);
        Engine engine = Engine.ForScoring(definition, features.Fields, settings.Training, threads);
        try
        {
            string weightsDigest = ModelWeights.Read(weights, engine.Parameters);
            manifest?.Require(weightsPath, weightsDigest);
            return new(settings, features, engine, manifest is not null ? [] :
            [
                $"{directory} was written before models had a {ModelManifest.Name}: that {ConfigName} and {WeightsName} are as they were "
                    + "written cannot be checked. Models that are trained now are checked.",
            ]);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Frees the parameters.</summary>
    public void Dispose() => Engine.Dispose();

    static void RequireFiles(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new UserErrorException(
                $"{directory}: there is no such directory. Give the 'model' directory that 'train' wrote below its --out.");
        }
        string[] missing = [.. new[] { ConfigName, FeaturesName, WeightsName }
            .Where(name => !File.Exists(Path.Combine(directory, name)))];
        if (missing.Length > 0)
        {
            string below = Path.Combine(directory, TrainingRun.ModelName);
            throw Missing(directory, string.Join(" and ", missing),
                Directory.Exists(below) ? $"did you mean {below}?" : "copy it whole, or train again.");
        }
    }

    static UserErrorException Missing(string directory, string names, string advice) => new($"{directory}: {names} missing. "
        + $"A model directory holds {ConfigName}, {FeaturesName}, {WeightsName} and {ModelManifest.Name}; {advice}");

    // None for a model of the form before there was one; its weights say so, so that a lost manifest is not taken for that.
    static ModelManifest? ManifestOf(string directory, SafeTensorsFile weights) =>
        File.Exists(Path.Combine(directory, ModelManifest.Name)) ? ModelManifest.Read(directory)
        : weights.Metadata.ContainsKey(OldDigestKey) ? null
        : throw Missing(directory, ModelManifest.Name, "copy it whole, or train again.");

    static ModelDefinition Define(RunSettings settings, FeatureMap features, string configPath)
    {
        try
        {
            return settings.CreateModel().Build(features.Fields.Count);
        }
        catch (Exception wrong) when (wrong is UserErrorException or ArgumentException)
        {
            throw new UserErrorException($"{configPath}: {wrong.Message}", wrong);
        }
    }

    static void RequireOldDigest(SafeTensorsFile weights, string featuresPath, string found)
    {
        string expected = weights.Metadata[OldDigestKey];
        if (expected != found)
        {
            throw new UserErrorException(
                $"{featuresPath} has SHA-256 {found}, but {WeightsName} was written with {expected}: with another "
                + "feature map the weights belong to other features. Put back the files that were written together.");
        }
    }

    static string DigestOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static void WriteFiles(string directory, RunSettings settings, FeatureMap features, EngineParameters parameters)
    {
        string configPath = Path.Combine(directory, ConfigName);
        JsonFiles.Write(configPath, settings);
        JsonFiles.Write(Path.Combine(directory, ModelManifest.Name), new ModelManifest
        {
            FormatVersion = ModelManifest.CurrentVersion,
            Sha256 = new Dictionary<string, string>
            {
                [ConfigName] = DigestOf(configPath),
                [FeaturesName] = WriteFeatures(Path.Combine(directory, FeaturesName), features),
                [WeightsName] = ModelWeights.Write(Path.Combine(directory, WeightsName), parameters),
            },
        });
    }

    static string WriteFeatures(string path, FeatureMap features)
    {
        string digest = "";
        AtomicFile.Write(path, stream =>
        {
            using HashingStream hashing = new(stream);
            FeatureMapFile.Write(features, hashing);
            digest = hashing.Digest();
        });
        return digest;
    }
}
