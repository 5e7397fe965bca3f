using System.CommandLine;
using DeepFM.Models;
using DeepFM.Research.Plans;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The compare command: several models with several seeds on the same rows, and a table.</summary>
static class CompareCommand
{
    public static Command Create()
    {
        Option<string> models = new("--models")
        {
            Description = $"Models, separated by commas: {string.Join(", ", ModelCatalog.Names)}. Default: the paper's nine.",
            HelpName = "NAMES",
            DefaultValueFactory = _ => string.Join(',', ModelCatalog.PaperNames),
        };
        Option<string> seeds = new("--seeds")                   // as text, so that the help shows what can be typed
        {
            Description = "Seeds, separated by commas.",
            HelpName = "N,N,…",
            DefaultValueFactory = _ => "1,2,3",
        };
        TrainingOptionList options = new(models, seeds,
            "Directory for table.md, table.csv and a report of each run. Runs that are there are not repeated, but those with "
                + "another numerics version or other registers than the runs to come.",
            "runs in --out that have other settings or data");

        ExampleCommand command = new("compare", "Trains several models with several seeds on the same rows, and writes a table.",
            "deepfm compare --schema data/schemas/frappe.json --train train.libfm.gz --valid valid.libfm.gz --test test.libfm.gz "
                + "--preset bars-frappe --seeds 1,2,3 --out runs/frappe",
            "deepfm compare --schema data/schemas/adult.json --train adult.data.gz --split random:0.8,0.1,0.1 "
                + "--models lr,fm,deepfm --seeds 1 --out runs/adult");
        foreach (Option option in options.All) { command.Add(option); }

        command.SetBody((parsed, cancel) =>
        {
            RunSettings[] settings = [.. parsed.GetValue(models)!
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => options.Settings(parsed, name))];
            string directory = options.Directory(parsed);
            ComparisonTable table = ProgressView.Show(parsed.InvocationConfiguration.Error, view =>
            {
                Comparison comparison = new(settings, SharedOptions.Seeds(parsed.GetValue(seeds)!), options.Threads(parsed), directory)
                {
                    Replace = options.Force(parsed),
                    Progress = new PlanNarrator(view, tellsEpochs: true),
                };
                return comparison.Run(options.Request(parsed), view, cancel);
            });
            TextWriter result = parsed.InvocationConfiguration.Output;
            if (options.Json(parsed)) { result.WriteLine(JsonFiles.ToJson(table)); }
            else
            {
                result.Write(ShownText.Lines(table.ToMarkdown()));
                result.WriteLine($"Written: {Path.Combine(directory, "table.md")}, table.csv and each run's report below runs/.");
            }
        });
        return command;
    }
}
