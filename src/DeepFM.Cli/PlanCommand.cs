using System.CommandLine;
using DeepFM.Research;
using DeepFM.Research.Plans;

namespace DeepFM.Cli;

/// <summary>The plan command: what reproduce would run, what is done, and how long the rest takes.</summary>
static class PlanCommand
{
    public static ExampleCommand Create()
    {
        ReproduceOptions options = new();
        Option<bool> list = new("--list") { Description = "Names every run, not only their numbers." };
        ExampleCommand command = new("plan", "Says what reproduce would run with the same options, what is done already, and about "
            + "how long the rest takes.",
            [.. ReproduceCommand.Examples("plan"), "deepfm plan --profile full --list"]);
        foreach (Option option in options.All.Append(list)) { command.Add(option); }
        command.SetBody((parsed, cancel) =>
        {
            PlanPreview preview = ProgressView.Show(parsed.InvocationConfiguration.Error, view => options.Read(parsed, view)
                .Preview(cancel));
            Print(parsed.InvocationConfiguration.Output, preview, parsed.GetValue(list));
        });
        return command;
    }

    static void Print(TextWriter output, PlanPreview preview, bool list)
    {
        (PlannedRun Run, bool Done)[] runs = [.. preview.Done.Select(run => (run.Run, true)), .. preview.Missing
            .Select(run => (run, false))];
        string[] uses = [.. runs.SelectMany(run => run.Run.Uses).Distinct()];
        TextTable.Print(output,
        [
            ["for", "runs", "done", "to do"],
            .. uses.Select(use => Row(use, [.. runs.Where(run => run.Run.Uses.Contains(use))])),
            Row("all, each run once", runs),
        ]);
        output.WriteLine();
        if (list)
        {
            foreach ((PlannedRun run, bool done) in runs) { output.WriteLine($"{(done ? "done " : "to do")}  {run.Name}  {run.Description}"); }
            output.WriteLine();
        }
        foreach (string notice in preview.Notices) { output.WriteLine(notice); }
        Results.PrintNotices(output, preview.Doubts);
        output.WriteLine(preview.Missing.Count == 0
            ? preview.Estimate.Basis
            : $"Time for what is left: about {PlanNarrator.Duration(preview.Estimate.Seconds)}. {preview.Estimate.Basis}");
    }

    static string[] Row(string name, (PlannedRun Run, bool Done)[] runs) =>
        [name, $"{runs.Length}", $"{runs.Count(run => run.Done)}", $"{runs.Count(run => !run.Done)}"];
}
