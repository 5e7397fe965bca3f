namespace DeepFM.Models;

/// <summary>What a model can do and what it needs, read from its definition: the columns of the paper's Table 1.</summary>
/// <param name="NoPretraining">Whether it is trained at once; false when another model gives it its start.</param>
/// <param name="HighOrder">
/// Whether it learns interactions of any order: a hidden layer over the features leads to the logit.
/// </param>
/// <param name="LowOrder">
/// Whether interactions of order 1 or 2 reach the logit by themselves, as ⟨w, x⟩ or Σ ⟨V_i, V_j⟩, not only through
/// hidden layers.
/// </param>
/// <param name="NoFeatureEngineering">
/// Whether it does without crosses made by hand. A wide part that is linear alone knows of no pair of features unless
/// the pair is one of its inputs.
/// </param>
/// <remarks>Guo et al. 2017, Table 1.</remarks>
public sealed record ModelTraits(bool NoPretraining, bool HighOrder, bool LowOrder, bool NoFeatureEngineering)
{
    /// <summary>The traits of a model, which do not depend on its number of fields.</summary>
    public static ModelTraits Of(CtrModel model)
    {
        ModelDefinition definition = model.Build(fieldCount: 3);
        bool linear = definition.Terms.Any(term => term is LinearNode);
        bool pairs = definition.Terms.Any(term => term is PairSumNode);
        return new(model.Pretraining is null, definition.Nodes.Any(node => node is DenseNode), linear || pairs, !linear || pairs);
    }

    /// <summary>The four in the order of the table.</summary>
    public IReadOnlyList<bool> InOrder => [NoPretraining, HighOrder, LowOrder, NoFeatureEngineering];
}
