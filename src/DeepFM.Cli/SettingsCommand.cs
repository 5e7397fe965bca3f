using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeepFM.Models;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>The settings command: what --set takes, what each option means, and what a preset makes of it.</summary>
static partial class SettingsCommand
{
    const string Pretraining = "pretraining";

    static readonly int[] sampleRows = [1_000, 10_000, 100_000, 1_000_000];

    public static Command Create()
    {
        Option<string> model = SharedOptions.Model(), preset = SharedOptions.Preset();
        Option<string[]> set = SharedOptions.Set();
        Option<bool> json = SharedOptions.Json();
        ExampleCommand command = new("settings", "Lists the options of a model and of its training: key, value and meaning.",
            "deepfm settings",
            "deepfm settings --model fnn --preset bars-frappe",
            "deepfm settings --model deepfm --set learningRate=0.01 --json")
        {
            model, preset, set, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            RunSettings settings = SharedOptions.Settings(parsed.GetValue(model)!, parsed.GetValue(preset)!, parsed.GetValue(set));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(settings.ToJson()); }
            else { Print(output, settings, Presets.Get(parsed.GetValue(preset)!)); }
        });
        return command;
    }

    static void Print(TextWriter output, RunSettings settings, Preset preset)
    {
        output.WriteLine($"{ModelCatalog.Get(settings.Model).DisplayName} with the preset {preset.Name}: {preset.Description}");
        output.WriteLine();
        TextTable.Print(output,
        [
            ["key", "value", "meaning"],
            .. Rows(settings.Options),
            .. Rows(settings.Training),
            .. settings.Pretraining is { } first ? Rows(first, settings.Training) : [],
        ]);
        TrainingOptions training = settings.Training;
        if (training is { BatchSize: > 0, FtrlBeta: > 0, EmbeddingL2: >= 0, NetworkL2: >= 0 }) { return; }
        output.WriteLine();
        output.WriteLine("What a batchSize or ftrlBeta of 0 and a penalty of -1 become, by the training rows; each run says what it took:");
        output.WriteLine();
        TextTable.Print(output,
        [
            ["training rows", "batchSize", "ftrlBeta", "embeddingL2", "networkL2"],
            .. sampleRows.Select(rows => (rows, taken: training.ForRows(rows))).Select(at => new[]
            {
                Invariant($"{at.rows:N0}"), Invariant($"{at.taken.BatchSize}"), Invariant($"{at.taken.FtrlBeta:g2}"),
                Invariant($"{at.taken.EmbeddingL2:g2}"), Invariant($"{at.taken.NetworkL2:g2}"),
            }),
        ]);
    }

    // With another's values, only those that differ from them.
    static IEnumerable<string[]> Rows<T>(T values, T? others = null)
        where T : class => typeof(T).GetProperties()
        .Select(property => (property, key: JsonNamingPolicy.CamelCase.ConvertName(property.Name)))
        .Where(option => others is null || Text(option.property, values) != Text(option.property, others))
        .Select(option => new[]
        {
            others is null ? option.key : $"{Pretraining}.{option.key}", Text(option.property, values),
            others is null ? Meaning(option.property) : "of the model that is trained first",
        });

    // As --set takes it.
    static string Text(PropertyInfo property, object values) =>
        JsonSerializer.SerializeToNode(property.GetValue(values), JsonFiles.Options) switch
        {
            null => "none",
            JsonArray list => string.Join(',', list),
            JsonNode value => value.ToString(),
        };

    // The documentation of the record itself, which lies beside the program.
    static string Meaning(PropertyInfo property)
    {
        string name = $"P:{property.DeclaringType!.FullName}.{property.Name}";
        XElement? summary = documents.Value?.Descendants("member").FirstOrDefault(member => (string?)member.Attribute("name") == name)?
            .Element("summary");
        string text = summary is null ? "" : Blanks().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim();
        return property.PropertyType.IsEnum
            ? $"{text} One of: {string.Join(", ", Enum.GetNames(property.PropertyType).Select(JsonNamingPolicy.CamelCase.ConvertName))}."
            : text;
    }

    // <see cref="P:DeepFM.Training.TableRows.All"/> is All.
    static string Plain(XNode node) => node is XElement { IsEmpty: true } see ? ((string?)see.Attribute("cref") ?? "").Split('.', ':')[^1]
        : node is XElement element ? element.Value
        : node.ToString();

    static readonly Lazy<XDocument?> documents = new(() =>
    {
        string path = Path.ChangeExtension(typeof(RunSettings).Assembly.Location, ".xml");
        return File.Exists(path) ? XDocument.Load(path) : null;
    });

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
