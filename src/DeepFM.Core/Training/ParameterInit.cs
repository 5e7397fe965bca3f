using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Initial parameters. Each number depends on the seed, its parameter and its place alone.</summary>
static class ParameterInit
{
    /// <summary>
    /// Embeddings normal with the definition's deviation, dense weights by He or Glorot, scale and variance of
    /// batch norm 1, all others 0.
    /// </summary>
    public static void Draw(ModelDefinition definition, EngineParameters parameters, ThreadTeam team, ulong seed)
    {
        foreach (Node node in definition.Nodes)
        {
            ulong key = CounterRandom.Key(seed, 2, (ulong)node.Index);
            switch (node)
            {
                case EmbedNode embed:
                    DrawEmbedding(embed, definition.EmbeddingDeviation, key, parameters, team);
                    break;
                case DenseNode dense:
                    DrawWeights($"{dense.Name}.weight", dense.Input.Width, dense.Width, dense.Init, key, parameters);
                    if (dense.BatchNorm)
                    {
                        float[] ones = new float[dense.Width];
                        Array.Fill(ones, 1);
                        parameters.Write($"{dense.Name}.scale", ones);
                        parameters.Write($"{dense.Name}.variance", ones);
                    }
                    break;
                case OutputNode output:
                    DrawWeights($"{output.Name}.weight", output.Input.Width, 1, output.Init, key, parameters);
                    break;
            }
        }
    }

    static void DrawEmbedding(EmbedNode embed, float deviation, ulong key, EngineParameters parameters, ThreadTeam team)
    {
        const int Chunk = 1024;                             // rows of a task
        int features = parameters.Shapes.First(shape => shape.Name == embed.Name).Shape[0];
        team.Run((features + Chunk - 1) / Chunk, (task, _) =>
        {
            int first = task * Chunk, count = Math.Min(Chunk, features - first);
            float[] values = new float[count * embed.Size];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = deviation * CounterRandom.Normal(key, (ulong)((long)first * embed.Size + i));
            }
            parameters.WriteRows(embed.Name, first, values);
        });
    }

    static void DrawWeights(string name, int inputs, int outputs, WeightInit init, ulong key,
        EngineParameters parameters)
    {
        double variance = init == WeightInit.He ? 2.0 / inputs : 2.0 / (inputs + outputs);
        double deviation = Math.Sqrt(variance), limit = Math.Sqrt(3 * variance);    // of the normal, of the uniform one
        float[] values = new float[inputs * outputs];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = init == WeightInit.GlorotNormal
                ? (float)(deviation * CounterRandom.Normal(key, (ulong)i))
                : (float)(limit * (2 * CounterRandom.Uniform(key, (ulong)i) - 1));
        }
        parameters.Write(name, values);
    }
}
