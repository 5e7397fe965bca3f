using System.CommandLine;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The evaluate command: a saved model's figures on labelled rows.</summary>
static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.ModelDirectory();
        Option<string[]> data = SharedOptions.Files("--data",
            "Files with labels, in the format that the model was trained on.", required: true);
        Option<string> group = new("--group-field")
        {
            Description = "Field whose values group the rows for grouped AUC, such as a user. Default: as in training.",
            HelpName = "NAME",
        };
        Option<int> threads = SharedOptions.Threads();
        Option<bool> json = SharedOptions.Json();
        ExampleCommand command = new("evaluate", "Computes a saved model's figures on rows with labels.",
            "deepfm evaluate --model-dir runs/frappe/model --data test.libfm.gz",
            "deepfm evaluate --model-dir runs/frappe/model --data test.libfm.gz --group-field user --json")
        {
            model, data, group, threads, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            string[] files = parsed.GetRequiredValue(data);
            SharedOptions.RequireFiles(data.Name, files);
            using SavedModel saved = SavedModel.Load(parsed.GetRequiredValue(model), parsed.GetValue(threads));
            EvaluationMetrics metrics = ProgressView.Show(parsed.InvocationConfiguration.Error, view => Evaluation.Evaluate(
                saved.Engine,
                saved.Features.Read(files, readLabels: true, parsed.GetValue(threads), view, cancel),
                parsed.GetValue(group) ?? saved.Settings.Training.GroupField,
                cancel));
            if (parsed.GetValue(json)) { parsed.InvocationConfiguration.Output.WriteLine(JsonFiles.ToJson(metrics)); }
            else { Results.Print(parsed.InvocationConfiguration.Output, "test", metrics); }
        });
        return command;
    }
}
