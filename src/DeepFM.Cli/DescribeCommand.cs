using System.CommandLine;
using DeepFM.Data;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>The describe command: what is in files, read by a schema.</summary>
static class DescribeCommand
{
    public static Command Create()
    {
        Option<string> schema = SharedOptions.Schema();
        Option<string[]> data = SharedOptions.Files("--data", "Files to describe; the fields are fitted on them.",
            required: true);
        Option<string[]> against = SharedOptions.Files("--against",
            "Files to compare with: the share of their values that --data does not have.");
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();
        ExampleCommand command = new("describe",
            "Counts rows and clicks, and for each field its ids and its missing, rare and unseen values.",
            "deepfm describe --schema data/schemas/adult.json --data adult.data.gz",
            "deepfm describe --schema data/schemas/frappe.json --data train.libfm.gz --against test.libfm.gz --json")
        {
            schema, data, against, threads, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            string schemaPath = parsed.GetRequiredValue(schema);
            string[] files = parsed.GetRequiredValue(data), others = parsed.GetValue(against) ?? [];
            SharedOptions.RequireFiles(schema.Name, [schemaPath]);
            SharedOptions.RequireFiles(data.Name, files);
            SharedOptions.RequireFiles(against.Name, others);
            DataDescription description = ProgressView.Show(parsed.InvocationConfiguration.Error, view => DataLoader.Describe(
                Schema.Load(schemaPath), files, others, threads: parsed.GetValue(threads), progress: view, cancel: cancel));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(JsonFiles.ToJson(description)); }
            else { Print(output, description); }
        });
        return command;
    }

    static void Print(TextWriter output, DataDescription description)
    {
        output.WriteLine(Invariant($"{Counted.Of(description.RowCount, "row")}, {description.PositiveRate:P2} positive, ")
            + Counted.Of(description.FeatureCount, "id"));
        if (description.OtherRowCount > 0) { output.WriteLine($"compared with {Counted.Of(description.OtherRowCount, "row")}"); }
        output.WriteLine();
        TextTable.Print(output,
        [
            ["field", "kind", "ids", "distinct", "missing", "rare", "unseen", "most frequent"],
            .. description.Fields.Select(Cells),
        ]);
        Results.PrintNotices(output, description.Notices);
    }

    const int LongestValue = 40;        // characters; an id may have millions

    static string[] Cells(FieldDescription field) =>
    [
        ShownText.Short(field.Name, LongestValue),
        field.KindText,
        Invariant($"{field.IdCount:N0}"),
        Invariant($"{field.DistinctCount:N0}"),
        Invariant($"{field.MissingShare:P2}"),
        Invariant($"{field.RareShare:P2}"),
        field.UnseenShare is { } unseen ? Invariant($"{unseen:P2}") : "–",
        string.Join(", ", field.TopValues.Take(3).Select(top => Invariant($"{ShownText.Short(top.Value, LongestValue)} ({top.Count:N0})"))),
    ];
}
