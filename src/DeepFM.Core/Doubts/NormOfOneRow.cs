using DeepFM.Models;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>Batch norm of a batch of one row: each unit's mean is its value, so all rows look alike.</summary>
static class NormOfOneRow
{
    /// <summary>Refuses batches that are all of one row.</summary>
    /// <exception cref="UserErrorException">They are, and the model has batch norm.</exception>
    public static void Refuse(ModelDefinition definition, int batchSize)
    {
        if (batchSize == 1 && HasNorm(definition))
        {
            throw new UserErrorException("batchSize=1 is not allowed with batch norm: a row's mean is the row itself, so all rows look alike to the "
                + "network. Set a larger batchSize, or batchNorm=false.");
        }
    }

    /// <summary>Of a last batch of one row.</summary>
    /// <param name="settings">The run.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="batch">Rows of the other batches.</param>
    public static IEnumerable<string> Find(RunSettings settings, int rows, int fieldCount, int batch)
    {
        if (batch > 1 && rows % batch == 1 && HasNorm(settings.CreateModel().Build(fieldCount)))
        {
            yield return Invariant($"The last batch of each epoch has one row ({rows:N0} rows in batches of {batch:N0}): batch norm makes its step one ")
                + $"that says nothing of that row. Set batchSize={batch - 1} or another that leaves more.";
        }
    }

    static bool HasNorm(ModelDefinition definition) => definition.Nodes.Any(node => node is DenseNode { BatchNorm: true });
}
