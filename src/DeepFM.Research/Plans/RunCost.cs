using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>The size of encoded data, as far as time depends on it.</summary>
/// <param name="FieldCount">F.</param>
/// <param name="TrainRows">Rows of an epoch.</param>
/// <param name="EvaluatedRows">Rows that are scored after each epoch.</param>
public sealed record DataShape(int FieldCount, long TrainRows, long EvaluatedRows);

/// <summary>A run's work, in multiply-adds or what takes as long.</summary>
/// <remarks>
/// A training step costs three products with each weight matrix, and more that no product does: a number looked up, updated
/// and used as embedding takes about as long as 32 multiply-adds of a wide matrix, a first-order weight as 100, bias, activation and
/// dropout of a hidden unit as 100, a number that is multiplied for a pair of fields as 25. Fitted to steps of this kit on 20 fields, one
/// thread: within 15 % for networks of 100 to 400 units and 1 to 7 layers. Very narrow ones take up to twice as long as it says, and so
/// do lookups in tables that the caches do not hold.
/// </remarks>
public static class RunCost
{
    const double EmbeddingUnits = 32, LinearUnits = 100, HiddenUnits = 100, ProductUnits = 25;

    /// <summary>The work of one training sample.</summary>
    public static double PerSample(ModelDefinition definition) => definition.Nodes.Sum(node => node switch
    {
        LinearNode => LinearUnits * definition.FieldCount,
        EmbedNode embed => EmbeddingUnits * embed.Width,
        InnerProductsNode products => ProductUnits * products.Width * products.Input.Size,
        OuterProductNode outer => ProductUnits * outer.Width,
        DenseNode dense => (dense.Input.Width + HiddenUnits) * dense.Width,
        OutputNode output => output.Input.Width,
        _ => 0,
    });

    /// <summary>The work of a run that trains all its epochs, or so many; scoring a row costs a third of training it.</summary>
    /// <param name="settings">The run's.</param>
    /// <param name="shape">The data's.</param>
    /// <param name="epochs">Epochs that were trained; null for the most that the settings allow.</param>
    /// <param name="pretrainEpochs">The same for pre-training.</param>
    public static double Of(RunSettings settings, DataShape shape, double? epochs = null, double? pretrainEpochs = null)
    {
        CtrModel model = settings.CreateModel();
        double rows = shape.TrainRows + shape.EvaluatedRows / 3.0;
        double work = PerSample(model.Build(shape.FieldCount)) * (epochs ?? settings.Training.Epochs) * rows;
        return model.Pretraining is not { } first ? work
            : work + PerSample(first.Model.Build(shape.FieldCount)) * (pretrainEpochs ?? settings.Training.PretrainEpochs) * rows;
    }

    /// <summary>The work of a run that is done: the epochs that it trained.</summary>
    public static double Of(RunReport report, DataShape shape) =>
        Of(report.Settings, shape, report.Training.Epochs.Count, report.Pretraining?.Epochs.Count);
}
