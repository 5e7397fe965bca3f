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
/// A training step costs three products with each weight matrix, less what they pass over: units that relu or dropout made 0.
/// And it costs more that no product does: a number looked up and updated takes about as long as 60 multiply-adds of a wide
/// matrix, one that goes into a network as 110 more, a first-order weight as 100, bias, activation and dropout of a hidden unit
/// as 64. Fitted to steps of this kit on 20 fields, one thread: within a fifth for networks of 25 to 400 units and 1 to 7
/// layers. Lookups in tables that the caches do not hold take longer.
/// </remarks>
public static class RunCost
{
    const double EmbeddingUnits = 60, InputUnits = 110, LinearUnits = 100, HiddenUnits = 64;

    /// <summary>The work of one training sample.</summary>
    public static double PerSample(ModelDefinition definition) => definition.Nodes.Sum(node => node switch
    {
        LinearNode => LinearUnits * definition.FieldCount,
        EmbedNode embed => EmbeddingUnits * embed.Width,
        DenseNode dense => ProductShare(dense) * dense.Input.Width * dense.Width + HiddenUnits * dense.Width
            + (dense.Input is DenseNode ? 0 : InputUnits * dense.Input.Width),
        OutputNode output => output.Input.Width,
        _ => 0,
    });

    // Of three dense products: forward by the input's zeros, back by those of the gradient, the weights' gradient by either.
    static double ProductShare(DenseNode dense)
    {
        double forward = dense.Input is DenseNode input ? ShareOf(input) : 1, back = dense.BatchNorm ? 1 : ShareOf(dense);
        return (forward + back + Math.Min(forward, back)) / 3;
    }

    // Of a dense product's time, with a layer's units as its operand: it falls with those that are not 0.
    static double ShareOf(DenseNode units)
    {
        double density = (units.Activation == Activation.Relu ? 0.5 : 1) * (1 - units.DropRate);
        return Math.Min(1, 0.13 + 1.2 * density);
    }

    /// <summary>The work of a run that trains all its epochs, or so many.</summary>
    /// <param name="settings">The run's.</param>
    /// <param name="shape">The data's.</param>
    /// <param name="epochs">Epochs that were trained; null for the most that the settings allow.</param>
    /// <param name="pretrainEpochs">The same for pre-training.</param>
    /// <remarks>Scoring a row costs two fifths of training it; measured with DeepFM, 0.47 with AVX-512 and 0.36 with AVX2.</remarks>
    public static double Of(RunSettings settings, DataShape shape, double? epochs = null, double? pretrainEpochs = null)
    {
        CtrModel model = settings.CreateModel();
        double rows = shape.TrainRows + 0.4 * shape.EvaluatedRows;
        double work = PerSample(model.Build(shape.FieldCount)) * (epochs ?? settings.Training.Epochs) * rows;
        return model.Pretraining is not { } first ? work
            : work + PerSample(first.Model.Build(shape.FieldCount)) * (pretrainEpochs ?? settings.Training.PretrainEpochs) * rows;
    }

    /// <summary>The work of a run that is done: the epochs that it trained.</summary>
    public static double Of(RunReport report, DataShape shape) =>
        Of(report.Settings, shape, report.Training.Epochs.Count, report.Pretraining?.Epochs.Count);
}
