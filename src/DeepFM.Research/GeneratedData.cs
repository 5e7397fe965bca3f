using DeepFM.Data;
using DeepFM.Research.Generation;
using DeepFM.Research.Plans;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Research;

/// <summary>Rows of the generated app store, which stand for the paper's Company* log: seven days to train on, the next to test
/// on.</summary>
/// <param name="options">Sizes and seed.</param>
/// <param name="folder">Gets <c>train.csv</c>, <c>test.csv</c> and, last, <c>options.json</c>.</param>
public sealed class GeneratedData(AppStoreOptions options, string folder) : ReproductionData
{
    const double ValidShare = 0.1;
    readonly AppStore store = new(options);

    /// <summary>The rows of a profile.</summary>
    public static GeneratedData Of(Profile profile, string folder) => new(new()
    {
        TrainRows = profile.TrainRows,
        TestRows = profile.TestRows,
        UserCount = profile.UserCount,
        AppCount = profile.AppCount,
    }, folder);

    string OptionsPath => Path.Combine(folder, "options.json");

    string TrainPath => Path.Combine(folder, "train.csv");

    string TestPath => Path.Combine(folder, "test.csv");

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant(
        $"AppStore, generated (seed {options.Seed}, {options.UserCount:N0} users, {options.AppCount:N0} apps)")
        + ", in place of the paper's Company* log, which is not public";

    /// <inheritdoc/>
    public override bool IsGenerated => true;

    /// <inheritdoc/>
    public override bool IsReady => File.Exists(OptionsPath) && File.Exists(TrainPath) && File.Exists(TestPath)
        && File.ReadAllText(OptionsPath) == OptionsText;

    /// <inheritdoc/>
    public override (long Train, long Evaluated)? Rows
    {
        get
        {
            long validation = (long)(options.TrainRows * ValidShare);
            return (options.TrainRows - validation, validation);
        }
    }

    string OptionsText => JsonFiles.ToJson(options) + "\n";

    /// <inheritdoc/>
    /// <remarks>A tenth of the training days' rows, drawn by chance, validates.</remarks>
    public override DataRequest Request(int threads) => new()
    {
        Schema = AppStore.Schema,
        TrainFiles = [TrainPath],
        TestFiles = [TestPath],
        Split = new(SplitKind.Random, [1 - ValidShare, ValidShare]),
        Threads = threads,
    };

    /// <inheritdoc/>
    public override void Prepare(int threads, IProgress<WriteProgress>? progress, CancellationToken cancel)
    {
        if (IsReady) { return; }
        if (File.Exists(OptionsPath)) { File.Delete(OptionsPath); }
        store.WriteTrain(TrainPath, threads, progress, cancel);
        store.WriteTest(TestPath, threads, progress, cancel);
        JsonFiles.WriteText(OptionsPath, OptionsText);      // last: files with it beside them are whole
    }

    /// <inheritdoc/>
    public override TruthFacts Truth()
    {
        BestReachable best = store.Best();
        AppStoreDescription known = store.Describe();
        LogitPart[] parts = [LogitPart.Order1, LogitPart.Order2, LogitPart.Order3, LogitPart.Drift, LogitPart.Noise];
        return new(new(best.Auc, best.LogLoss), known.AucByOrder, [.. parts.Select(known.ShareOf)], known.NewUsers, known.NewApps);
    }
}
