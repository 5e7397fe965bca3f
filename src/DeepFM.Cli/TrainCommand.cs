using System.CommandLine;
using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The train command: parses and reports. All training is in DeepFM.Training.</summary>
static class TrainCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.Model();
        Option<ulong> seed = new("--seed")
        {
            Description = "Seed of weights, dropout and row order. The same seed gives the same bits on processors "
                + "with the same registers.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = SharedOptions.ParseSeed,
        };
        TrainingOptionList options = new(model, seed, "Directory for report.json and model/.", "a run that is in --out already");
        ExampleCommand command = new("train", "Trains one model with one seed, and writes its report and the model.",
            "deepfm train --schema data/schemas/frappe.json --train train.libfm.gz --valid valid.libfm.gz --test test.libfm.gz "
                + "--model deepfm --preset bars-frappe --out runs/frappe",
            "deepfm train --schema data/schemas/adult.json --train adult.data.gz --split random:0.8,0.1,0.1 --model lr "
                + "--out runs/adult",
            "deepfm train --schema S.json --train day1.tsv day2.tsv --test day3.tsv "
                + "--set embeddingSize=16 hiddenWidths=256,128 --out runs/mine");
        foreach (Option option in options.All) { command.Add(option); }

        command.SetBody((parsed, cancel) =>
        {
            RunSettings settings = options.Settings(parsed, parsed.GetValue(model)!);
            string directory = options.Directory(parsed);
            TrainingRun.RequireFree(directory, options.Force(parsed));
            using FolderLock held = new(directory);
            TrainingRun.RequireFree(directory, options.Force(parsed));      // again: another run may have ended meanwhile
            DataRequest request = options.Request(parsed);
            RunReport report = ProgressView.Show(parsed.InvocationConfiguration.Error, view =>
            {
                using DataSplits rows = DataLoader.Load(request, view, cancel);
                return TrainingRun.Execute(settings, rows, parsed.GetValue(seed), options.Threads(parsed), directory,
                    RunOutputs.Model, view, cancel);
            });
            if (options.Json(parsed)) { parsed.InvocationConfiguration.Output.WriteLine(report.ToJson()); }
            else { Results.Print(parsed.InvocationConfiguration.Output, report, directory); }
        });
        return command;
    }
}
