using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Results;

/// <summary>Parts of the sentences that reports are made of.</summary>
static class Words
{
    /// <summary>"A, B and C"; "none" for an empty list.</summary>
    public static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "none",
        1 => names[0],
        _ => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
    };

    /// <summary>The names of models as the papers write them.</summary>
    public static string Models(IEnumerable<string> models) => List([.. models.Select(Name)]);

    /// <summary>A model's name as the papers write it.</summary>
    public static string Name(string model) => ModelCatalog.Get(model).DisplayName;

    /// <summary>"Optimizers: Ftrl on touched rows (LR); Adam on touched rows (FM, DeepFM)."</summary>
    public static string Optimizers(IEnumerable<RunSettings> models) => "Optimizers: " + string.Join("; ", models
        .GroupBy(settings => $"{settings.Training.Optimizer} on {(settings.Training.UpdateRows == TableRows.All ? "all" : "touched")} rows")
        .Select(alike => $"{alike.Key} ({string.Join(", ", alike.Select(settings => Name(settings.Model)))})")) + ".";

    /// <summary>"Taken from the training rows: batchSize=64, ftrlBeta=0.0156 (LR); batchSize=64, … (DeepFM)."; null where all was set.</summary>
    public static string? TakenFromRowsOf(IEnumerable<RunReport> runs)
    {
        string[] alike = [.. runs.GroupBy(TakenFromRows.Of).Where(kind => kind.Key.Length > 0)
            .Select(kind => $"{kind.Key} ({string.Join(", ", kind.Select(run => Name(run.Settings.Model)).Distinct())})")];
        return alike.Length == 0 ? null : $"Taken from the training rows: {string.Join("; ", alike)}.";
    }

    /// <summary>What the last digits of figures depend on beside settings, seed and data; a mix is said to be one.</summary>
    public static string ArithmeticOf(IEnumerable<RunReport> runs)
    {
        (Arithmetic Kind, string[] Models)[] kinds = [.. runs.GroupBy(run => run.Arithmetic)
            .Select(alike => (alike.Key, alike.Select(run => run.Settings.Model).Distinct().ToArray()))];
        return kinds.Length == 1 ? $"Arithmetic: {kinds[0].Kind}."
            : "Not all runs were made with the same arithmetic, so that figures may differ for that reason alone: "
                + $"{string.Join("; ", kinds.Select(kind => $"{kind.Kind} ({Models(kind.Models)})"))}. Run all of them with one kit on one kind "
                + "of machine before models are compared.";
    }

    /// <summary>"1 stands", "2 stand".</summary>
    public static string Verb(int number, string plural) => number == 1 ? plural + "s" : plural;

    /// <summary>"1st", "2nd", "3rd", "4th".</summary>
    public static string Ordinal(int number) => number + ((number % 100) is 11 or 12 or 13 ? "th" : (number % 10) switch
    {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    });
}
