using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>The weights of a saved model: a safetensors file with every parameter and running statistic by name.</summary>
static class ModelWeights
{
    const int BlockBytes = 1 << 22;

    /// <summary>Refuses a file whose tensors are not those of the model.</summary>
    /// <exception cref="UserErrorException">The message names the tensor, what it is and what is expected.</exception>
    public static void RequireShapes(SafeTensorsFile weights, ModelDefinition definition, int featureCount)
    {
        ParameterShape[] parameters = [.. definition.Parameters(featureCount)];
        if (weights.Tensors.FirstOrDefault(tensor => !parameters.Any(shape => shape.Name == tensor.Name)) is { } other)
        {
            throw new UserErrorException($"{weights.Path}: the model that {SavedModel.ConfigName} and {SavedModel.FeaturesName} describe has no tensor "
                + $"'{other.Name}'. Put back the files that were written together.");
        }
        foreach (ParameterShape expected in parameters)
        {
            TensorInfo found = weights[expected.Name];
            if (found.Type != TensorType.F32 || !found.Shape.SequenceEqual(expected.Shape.Select(size => (long)size)))
            {
                throw new UserErrorException(
                    $"{weights.Path}: tensor '{expected.Name}' is {found.Type} of shape [{string.Join(", ", found.Shape)}], but "
                    + $"{SavedModel.ConfigName} and {SavedModel.FeaturesName} make it F32 of shape [{string.Join(", ", expected.Shape)}]. "
                    + "Put back the files that were written together.");
            }
        }
    }

    /// <summary>Writes all parameters.</summary>
    /// <returns>SHA-256 of the file, as 64 hexadecimal digits.</returns>
    public static string Write(string path, EngineParameters parameters)
    {
        TensorInfo[] tensors = [.. parameters.Shapes.Select(shape =>
            new TensorInfo(shape.Name, TensorType.F32, [.. shape.Shape.Select(size => (long)size)]))];
        using SafeTensorsWriter writer = new(path, tensors, takesDigest: true);
        foreach (ParameterShape shape in parameters.Shapes)
        {
            ForBlocks(shape, (row, block) =>
            {
                parameters.ReadRows(shape.Name, row, block);
                writer.Write<float>(shape.Name, block);
            });
        }
        writer.Commit();
        return writer.Digest!;
    }

    /// <summary>Reads all parameters into an engine.</summary>
    /// <remarks>In the file's order, so that the digest is taken of the bytes that the engine gets, on the way.</remarks>
    /// <returns>SHA-256 of the file, as 64 hexadecimal digits.</returns>
    public static unsafe string Read(SafeTensorsFile weights, EngineParameters parameters)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(weights.Head);
        Dictionary<string, ParameterShape> shapes = parameters.Shapes.ToDictionary(shape => shape.Name);
        foreach (TensorInfo tensor in weights.Tensors)
        {
            ParameterShape shape = shapes[tensor.Name];
            float* start = weights.Map<float>(shape.Name, [.. tensor.Shape]);
            int rowLength = RowLength(shape);
            for (int row = 0, count; row < shape.Shape[0]; row += count)
            {
                count = BlockRows(shape, row);
                ReadOnlySpan<float> block = new(start + (long)row * rowLength, count * rowLength);
                parameters.WriteRows(shape.Name, row, block);
                hash.AppendData(MemoryMarshal.AsBytes(block));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
