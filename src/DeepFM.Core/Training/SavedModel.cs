using System.Security.Cryptography;
using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>A trained model in a directory: its settings, its feature map and its weights.</summary>
/// <remarks>
/// <c>config.json</c> (<see cref="RunSettings"/>), <c>features.json</c> (<see cref="FeatureMap"/>) and
/// <c>weights.safetensors</c> (every parameter and running statistic by name, float32, which Python reads as it is).
/// </remarks>
public sealed class SavedModel : IDisposable
{
    const string ConfigName = "config.json", FeaturesName = "features.json", WeightsName = "weights.safetensors";
    const string DigestKey = "features_sha256";
    const int BlockBytes = 1 << 22;

    SavedModel(RunSettings settings, FeatureMap features, Engine engine)
    {
        Settings = settings;
        Features = features;
        Engine = engine;
    }

    /// <summary>The settings that it was trained with.</summary>
    public RunSettings Settings { get; }

    /// <summary>Turns rows into the ids that the weights belong to.</summary>
    public FeatureMap Features { get; }

    /// <summary>Scores rows.</summary>
    public Engine Engine { get; }

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
            JsonFiles.Write(Path.Combine(folder.Path, ConfigName), settings);
            features.Save(Path.Combine(folder.Path, FeaturesName));
            WriteWeights(Path.Combine(folder.Path, WeightsName), parameters, Digest(Path.Combine(folder.Path, FeaturesName)));
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
    /// A file is missing or damaged, or the three do not belong together; the message names the file, what it has and
    /// what is expected.
    /// </exception>
    public static SavedModel Load(string directory, int threads)
    {
        RequireFiles(directory);
        string weightsPath = Path.Combine(directory, WeightsName), featuresPath = Path.Combine(directory, FeaturesName);
        string configPath = Path.Combine(directory, ConfigName);
        RunSettings settings = JsonFiles.Read<RunSettings>(configPath);
        FeatureMap features = FeatureMap.Load(featuresPath);
        ModelDefinition definition = Define(settings, features, configPath);
        using SafeTensorsFile weights = SafeTensorsFile.Open(weightsPath);
        RequireShapes(weights, definition, features.FeatureCount);
        RequireDigest(weights, featuresPath);

        Engine engine = Engine.ForScoring(definition, features.Fields, settings.Training, threads);
        try
        {
            ReadWeights(weights, engine.Parameters);
            return new(settings, features, engine);
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
            throw new UserErrorException($"{directory}: {string.Join(" and ", missing)} missing. A model directory holds "
                + $"{ConfigName}, {FeaturesName} and {WeightsName}; "
                + (Directory.Exists(below) ? $"did you mean {below}?" : "copy it whole, or train again."));
        }
    }

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

    static void RequireShapes(SafeTensorsFile weights, ModelDefinition definition, int featureCount)
    {
        foreach (ParameterShape expected in definition.Parameters(featureCount))
        {
            TensorInfo found = weights[expected.Name];
            if (found.Type != TensorType.F32 || !found.Shape.SequenceEqual(expected.Shape.Select(size => (long)size)))
            {
                throw new UserErrorException(
                    $"{weights.Path}: tensor '{expected.Name}' is {found.Type} of shape [{string.Join(", ", found.Shape)}], but "
                    + $"{ConfigName} and {FeaturesName} make it F32 of shape [{string.Join(", ", expected.Shape)}]. "
                    + "Put back the files that were written together.");
            }
        }
    }

    static void RequireDigest(SafeTensorsFile weights, string featuresPath)
    {
        string? expected = weights.Metadata.GetValueOrDefault(DigestKey);
        string found = Digest(featuresPath);
        if (expected != found)
        {
            throw new UserErrorException(
                $"{featuresPath} has SHA-256 {found}, but {WeightsName} was written with {expected ?? "none"}: with another "
                + "feature map the weights belong to other features. Put back the files that were written together.");
        }
    }

    static string Digest(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static void WriteWeights(string path, EngineParameters parameters, string digest)
    {
        TensorInfo[] tensors = [.. parameters.Shapes.Select(shape =>
            new TensorInfo(shape.Name, TensorType.F32, [.. shape.Shape.Select(size => (long)size)]))];
        using SafeTensorsWriter writer = new(path, tensors, new Dictionary<string, string> { [DigestKey] = digest });
        foreach (ParameterShape shape in parameters.Shapes)
        {
            ForBlocks(shape, (row, block) =>
            {
                parameters.ReadRows(shape.Name, row, block);
                writer.Write<float>(shape.Name, block);
            });
        }
        writer.Commit();
    }

    static unsafe void ReadWeights(SafeTensorsFile weights, EngineParameters parameters)
    {
        foreach (ParameterShape shape in parameters.Shapes)
        {
            float* start = weights.Map<float>(shape.Name, [.. shape.Shape.Select(size => (long)size)]);
            int rowLength = RowLength(shape);
            for (int row = 0, count; row < shape.Shape[0]; row += count)
            {
                count = BlockRows(shape, row);
                parameters.WriteRows(shape.Name, row, new(start + (long)row * rowLength, count * rowLength));
            }
        }
    }

    // Row blocks of a few megabytes, so that a table larger than memory's largest array passes too.
    static void ForBlocks(ParameterShape shape, Action<int, float[]> each)
    {
        for (int row = 0, count; row < shape.Shape[0]; row += count)
        {
            count = BlockRows(shape, row);
            each(row, new float[count * RowLength(shape)]);
        }
    }

    static int BlockRows(ParameterShape shape, int row) =>
        Math.Min(shape.Shape[0] - row, Math.Max(1, BlockBytes / sizeof(float) / RowLength(shape)));

    static int RowLength(ParameterShape shape) => (int)(shape.Count / shape.Shape[0]);
}
