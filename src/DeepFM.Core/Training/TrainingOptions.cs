using System.Numerics;
using System.Text.Json.Serialization;

namespace DeepFM.Training;

/// <summary>The rule that turns gradients into steps; one for all of a model's parameters.</summary>
public enum OptimizerKind
{
    /// <summary>Adam — Kingma and Ba 2015, algorithm 1, with bias correction.</summary>
    Adam,

    /// <summary>FTRL-proximal with L1 and L2 — McMahan et al. 2013, algorithm 1.</summary>
    Ftrl,

    /// <summary>Adagrad — Duchi et al. 2011, per coordinate.</summary>
    Adagrad,

    /// <summary>Plain stochastic gradient descent.</summary>
    Sgd,
}

/// <summary>Which rows of the feature table a step changes.</summary>
public enum TableRows
{
    /// <summary>The rows that the batch touches; the others rest, their moments too.</summary>
    Touched,

    /// <summary>Every row, as a framework's dense gradient does: for parity, and for small tables.</summary>
    All,
}

/// <summary>The figure on validation rows that decides early stopping.</summary>
public enum Monitor
{
    /// <summary>Area under the curve; higher is better.</summary>
    Auc,

    /// <summary>Log loss; lower is better.</summary>
    LogLoss,
}

/// <summary>The number that the logit's constant starts from.</summary>
public enum OutputBias
{
    /// <summary>0, as frameworks start: for parity with them.</summary>
    Zero,

    /// <summary>ln(p/(1 − p)), p being the share of positive training rows: the model starts calibrated.</summary>
    BaseRate,
}

/// <summary>How a model is trained.</summary>
/// <remarks>
/// <para>The paper (Guo et al. 2017, section 3.1) names Adam, and FTRL for LR. It does not state learning rate, batch size,
/// epochs or L2; those defaults follow the public benchmark of the field (BARS, Criteo_x1) unless said otherwise.</para>
/// <para>The values of a new record are fixed ones, made for rows by the million. What a model is trained with unless asked otherwise
/// is <see cref="RunSettings.Default"/>, which takes some from the training rows.</para>
/// </remarks>
public sealed record TrainingOptions
{
    /// <summary>The optimizer of all parameters. Default Adam; the catalog sets FTRL for LR. Both as the paper.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>
    /// Which table rows Adam, Adagrad, FTRL or SGD change in a step. Default: the touched ones. Adam corrects its bias by the number of all
    /// steps, not of those that touched a row: a row that is first touched late moves first by up to (1 − β1)/√(1 − β2) = 3.2 times the rate.
    /// </summary>
    public TableRows UpdateRows { get; init; } = TableRows.Touched;

    /// <summary>Step size: Adam's, Adagrad's and SGD's rate, FTRL's α. In [1e-9, 100]. Default 1e-3 (BARS).</summary>
    public float LearningRate { get; init => field = Require.InRange(value, 1e-9f, 100f); } = 1e-3f;

    /// <summary>Adam's decay of the first moment. In [0, 0.9999]. Default 0.9 (Kingma and Ba).</summary>
    public float AdamBeta1 { get; init => field = Require.InRange(value, 0f, 0.9999f); } = 0.9f;

    /// <summary>Adam's decay of the second moment. In [0, 0.99999]. Default 0.999 (Kingma and Ba).</summary>
    public float AdamBeta2 { get; init => field = Require.InRange(value, 0f, 0.99999f); } = 0.999f;

    /// <summary>Added to the root in Adam's and Adagrad's divisor. In [1e-12, 1]. Default 1e-8 (Kingma and Ba).</summary>
    public float Epsilon { get; init => field = Require.InRange(value, 1e-12f, 1f); } = 1e-8f;

    /// <summary>
    /// FTRL's β, added to the root of the summed squares of batches' mean gradients. In [1e-9, 100]; 0 takes 1/batchSize, which is
    /// the β = 1 of McMahan et al. for gradients of single rows, whatever the batch.
    /// </summary>
    /// <remarks>
    /// A mean over B rows has gradients B times smaller than their sum: η = α/(β + √Σ(g/B)²)·g/B = α/(Bβ + √Σg²)·g. With β and λ2
    /// both 0, a weight that no gradient has touched would have no closed form.
    /// </remarks>
    public float FtrlBeta { get; init => field = value == 0 ? 0 : Require.InRange(value, 1e-9f, 100f); } = 1f;

    /// <summary>FTRL's λ1, which sets small weights to exactly 0. In [0, 1000]. Default 0.</summary>
    public float FtrlL1 { get; init => field = Require.InRange(value, 0f, 1000f); }

    /// <summary>FTRL's λ2. In [0, 1000]. Default 0.</summary>
    public float FtrlL2 { get; init => field = Require.InRange(value, 0f, 1000f); }

    /// <summary>
    /// λ of λ/2·‖V‖² on embeddings, added to the mean loss. In [0, 10]; −1 takes 3.2/batchSize, times 8000/rows where there are more
    /// training rows than 8000. BARS states it for each data set.
    /// </summary>
    /// <remarks>
    /// An id that a batch touches once has a gradient of 1/batchSize of its row's, so λ·batchSize weighs the penalty against a row. 3.2,
    /// 0.64 of the network, and how they fall with the rows were chosen on validation rows of Criteo's first 10,000 rows, 10,000 generated
    /// ones, Adult, MovieLens 100k and Frappe together.
    /// </remarks>
    public float EmbeddingL2 { get; init => field = value == -1 ? -1 : Require.InRange(value, 0f, 10f); }

    /// <summary>λ of λ/2·‖w‖² on first-order weights, added to the mean loss. In [0, 10]. Default 0.</summary>
    public float LinearL2 { get; init => field = Require.InRange(value, 0f, 10f); }

    /// <summary>
    /// λ of λ/2·‖W‖² on the network's weights (not its biases), added to the mean loss. In [0, 10]; −1 takes 0.64/batchSize, times
    /// 8000/rows where there are more training rows than 8000.
    /// </summary>
    public float NetworkL2 { get; init => field = value == -1 ? -1 : Require.InRange(value, 0f, 10f); }

    /// <summary>
    /// Which table rows the L2 terms decay in a step. <see cref="TableRows.All"/> changes every row, moments included, whatever updateRows
    /// says.
    /// </summary>
    public TableRows L2Rows { get; init; } = TableRows.Touched;

    /// <summary>Largest norm of the whole gradient, penalties included; longer ones are shortened. 0 = no limit.</summary>
    public float ClipNorm { get; init => field = Require.InRange(value, 0f, 1e9f); }

    /// <summary>
    /// Rows of a step; the last batch of an epoch holds what is left. In [1, 1048576]; 0 takes it from the training rows: the largest
    /// power of two in [32, 4096] that makes at least 100 steps an epoch. 4096 is that of BARS.
    /// </summary>
    public int BatchSize { get; init => field = Require.InRange(value, 0, 1 << 20); } = 4096;

    /// <summary>
    /// Where the logit's constant starts: w0, or the bias of the first output layer where there is none. A definition without either
    /// starts at 0. BARS starts at 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]    // as reports have it that were written before it could be chosen
    public OutputBias OutputBias { get; init; }

    /// <summary>Most passes over the training rows. In [0, 100000]. Default 10.</summary>
    public int Epochs { get; init => field = Require.InRange(value, 0, 100_000); } = 10;

    /// <summary>Epochs without a better validation figure after which training stops; 0 = never. Default 2 (BARS).</summary>
    public int Patience { get; init => field = Require.InRange(value, 0, 100_000); } = 2;

    /// <summary>
    /// Least number of steps without a better validation figure before training stops: where epochs are tiny, patience lasts for more
    /// of them. In [0, 1000000]. BARS has none: 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PatienceSteps { get; init => field = Require.InRange(value, 0, 1_000_000); }

    /// <summary>
    /// The figure on validation rows that early stopping and the rate cut watch. Log loss sees calibration, too, and is steadier than AUC on
    /// few rows. BARS watches AUC.
    /// </summary>
    public Monitor Monitor { get; init; } = Monitor.Auc;

    /// <summary>Factor on the learning rate after an epoch without a better figure. In (0, 1]. Default 1: no cut.</summary>
    public float LearningRateCut { get; init => field = Require.InRange(value, 1e-6f, 1f); } = 1f;

    /// <summary>The cut goes no lower. In [1e-9, 1]. Default 1e-6 (BARS).</summary>
    public float MinLearningRate { get; init => field = Require.InRange(value, 1e-9f, 1f); } = 1e-6f;

    /// <summary>Most passes of the model that FNN trains first. In [0, 100000]. Default 10.</summary>
    public int PretrainEpochs { get; init => field = Require.InRange(value, 0, 100_000); } = 10;

    /// <summary>Share of the new batch statistics in batch norm's running ones. In (0, 1]. Default 0.1 (PyTorch).</summary>
    public float BatchNormMomentum { get; init => field = Require.InRange(value, 1e-6f, 1f); } = 0.1f;

    /// <summary>Added to batch norm's variance. In [1e-12, 1]. Default 1e-5 (PyTorch).</summary>
    public float BatchNormEpsilon { get; init => field = Require.InRange(value, 1e-12f, 1f); } = 1e-5f;

    /// <summary>
    /// Row groups whose order AUC is averaged over, by a field's name; none by default. Rows unseen in training share
    /// one group.
    /// </summary>
    public string? GroupField { get; init; }

    /// <summary>These options with all that is taken from the training rows.</summary>
    /// <param name="rows">Training rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no row.</exception>
    public TrainingOptions ForRows(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        const int StepsOfEpoch = 100, Least = 32, Most = 4096;
        int batchSize = BatchSize > 0 ? BatchSize
            : Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(rows / StepsOfEpoch) + 1) / 2, Least, Most);
        float weight = Math.Min(1, 8000f / rows) / batchSize;           // of the penalties: many rows need no help
        return this with
        {
            BatchSize = batchSize,
            FtrlBeta = FtrlBeta > 0 ? FtrlBeta : 1f / batchSize,
            EmbeddingL2 = EmbeddingL2 >= 0 ? EmbeddingL2 : 3.2f * weight,
            NetworkL2 = NetworkL2 >= 0 ? NetworkL2 : 0.64f * weight,
        };
    }
}
