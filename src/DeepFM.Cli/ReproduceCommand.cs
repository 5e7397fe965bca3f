using System.CommandLine;
using DeepFM.Research;
using DeepFM.Research.Reporting;

namespace DeepFM.Cli;

/// <summary>The reproduce command: the paper's tables and figures, made anew. All work is in DeepFM.Research.</summary>
static class ReproduceCommand
{
    /// <summary>Whole command lines, which plan shows with its own name.</summary>
    public static IEnumerable<string> Examples(string command) =>
    [
        $"deepfm {command}",
        $"deepfm {command} --profile standard --out runs/standard",
        $"deepfm {command} --only table2,figure6 --models lr,fm,deepfm --seeds 1,2,3",
        $"deepfm {command} --only table2 --schema data/schemas/frappe.json --train train.libfm.gz --valid valid.libfm.gz --test "
            + $"test.libfm.gz "
            + "--preset bars-frappe --out runs/frappe",
    ];

    public static ExampleCommand Create()
    {
        ReproduceOptions options = new();
        Option<bool> reportOnly = new("--report-only")
        {
            Description = "Makes no run, but the report from those that are finished: while the plan is under way, or after it was "
                + "stopped. The report says how much of the plan is in.",
        };
        ExampleCommand command = new("reproduce", "Makes the paper's Tables 1 and 2 and Figures 6 to 11 on generated rows, or on "
            + "yours, beside the "
            + "published numbers. It can be stopped and started again.",
            [.. Examples("reproduce"), "deepfm reproduce --profile full --report-only"]);
        foreach (Option option in options.All.Append(reportOnly)) { command.Add(option); }
        command.SetBody((parsed, cancel) =>
        {
            ReproductionResult result = ProgressView.Show(parsed.InvocationConfiguration.Error,
                view => options.Read(parsed, view, parsed.GetValue(reportOnly)).Run(cancel));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (result.MainTable is { } table)
            {
                output.WriteLine(ShownText.Of(table.Title));
                output.WriteLine();
                output.WriteLine(ResultTableText.ToText(table).TrimEnd());
                output.WriteLine();
                foreach (string note in table.Notes) { output.WriteLine(ShownText.Of(note)); }
            }
            Results.PrintNotices(output, result.Notices);
            output.WriteLine($"Report: {Path.GetFullPath(result.Path)}");
        },
        whenStopped: "Finished runs stay: the same command goes on, and with --report-only it makes the tables of what is there.");
        return command;
    }
}
