using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>Settings of the public benchmark of the field, BARS (Zhu et al. 2022, openbenchmark.github.io).</summary>
/// <remarks>
/// <para>
/// Common to its x1 runs (FuxiCTR 1.1.0, seed 2021): Adam with rate 1e-3 over whole tables, batches of 4096, at most
/// 100 epochs, relu, no penalty on the network, AUC watched, rate × 0.1 (not below 1e-6) after each epoch that does not
/// improve, stop after two such epochs (IPNN: three), gradient norm clipped at 10, embedding 10 drawn from
/// N(0, 1e-4²), network 400-400-400 drawn from Glorot's (Xavier's) normal distribution.
/// </para>
/// <para>λ is that of (λ/2)·‖W‖² over the whole table, first-order weights included, added to the mean loss.</para>
/// <para>
/// BARS has no run of FNN, OPNN, PNN*, FM &amp; DNN and DeepFM with product networks. They take the row of their nearest
/// relative: FNN that of DNN with an FM trained as FM's row says, OPNN and PNN* that of IPNN, the others that of DeepFM. The
/// runs that BARS lists as DNN have two networks by their parameter counts; the row is used for a single one.
/// </para>
/// </remarks>
static class BarsSettings
{
    /// <summary>One line of BARS: a model, its drop rate, λ, batch norm and patience.</summary>
    sealed record Row(string Model, float DropRate, float L2, bool BatchNorm, int Patience = 2);

    // Configurations logged with the leaderboard's runs, Frappe_x1.
    static readonly Row[] frappeX1 =
    [
        new("lr", 0, 1e-5f, false),
        new("fm", 0, 5e-6f, false),
        new("dnn", 0.2f, 0.05f, true),
        new("ipnn", 0.3f, 0.05f, false, Patience: 3),
        new("lr-dnn", 0.6f, 0.1f, true),
        new("deepfm", 0.2f, 0.05f, true),
    ];

    // Configurations logged with the leaderboard's runs, MovielensLatest_x1.
    static readonly Row[] movielensX1 =
    [
        new("lr", 0, 5e-6f, false),
        new("fm", 0, 5e-6f, false),
        new("dnn", 0.4f, 0.005f, true),
        new("ipnn", 0.1f, 0.01f, false, Patience: 3),
        new("lr-dnn", 0.1f, 0.01f, true),
        new("deepfm", 0.3f, 0.01f, true),
    ];

    // Configurations logged with the leaderboard's runs, Criteo_x1.
    static readonly Row[] criteoX1 =
    [
        new("lr", 0, 5e-7f, false),
        new("fm", 0, 5e-6f, false),
        new("dnn", 0.1f, 1e-5f, false),
        new("ipnn", 0.1f, 1e-5f, true, Patience: 3),
        new("lr-dnn", 0.1f, 1e-5f, true),
        new("deepfm", 0.1f, 1e-5f, true),
    ];

    public static RunSettings FrappeX1(string model) => Settings(model, frappeX1);

    public static RunSettings MovielensX1(string model) => Settings(model, movielensX1);

    public static RunSettings CriteoX1(string model) => Settings(model, criteoX1);

    static RunSettings Settings(string model, Row[] rows)
    {
        string relative = ModelCatalog.Get(model).Name switch
        {
            "fnn" => "dnn",
            "opnn" or "pnn-star" => "ipnn",
            "fm-dnn" or "deepfm-ip" or "deepfm-op" or "deepfm-star" => "deepfm",
            string itself => itself,
        };
        Row row = rows.First(candidate => candidate.Model == relative);
        return new()
        {
            Model = model,
            Options = new()
            {
                DropRate = row.DropRate,
                BatchNorm = row.BatchNorm,
                EmbeddingDeviation = 1e-4f,
                WeightInit = WeightInit.GlorotNormal,
            },
            Training = Training(row),
            Pretraining = model == "fnn" ? Training(rows.First(candidate => candidate.Model == "fm")) : null,
        };
    }

    static TrainingOptions Training(Row row) => new()
    {
        UpdateRows = TableRows.All,
        L2Rows = TableRows.All,
        EmbeddingL2 = row.L2,
        LinearL2 = row.L2,
        ClipNorm = 10,
        Epochs = 100,
        PretrainEpochs = 100,
        Patience = row.Patience,
        LearningRateCut = 0.1f,
    };
}
