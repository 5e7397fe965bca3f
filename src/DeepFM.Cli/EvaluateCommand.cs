using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Doubts;
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
            NoticeSet notices = [];
            EvaluationMetrics metrics = ProgressView.Show(parsed.InvocationConfiguration.Error, view =>
            {
                view.Doing("reading the model");
                using SavedModel saved = SavedModel.Load(parsed.GetRequiredValue(model), parsed.GetValue(threads));
                notices = [.. saved.Notices];
                return Evaluation.Evaluate(
                    saved.Engine,
                    saved.Features.Read(files, readLabels: true, parsed.GetValue(threads), view, notices, cancel),
                    parsed.GetValue(group) ?? saved.Settings.Training.GroupField,
                    cancel);
            });
            notices.AddRange(EvaluationDoubts.Of("test", metrics));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(Json(metrics, notices)); }
            else
            {
                Results.Print(output, "test", metrics);
                Results.PrintNotices(output, notices);
            }
        });
        return command;
    }

    // The figures, and beside them what is doubtful in them.
    static string Json(EvaluationMetrics metrics, NoticeSet notices)
    {
        JsonNode json = JsonSerializer.SerializeToNode(metrics, JsonFiles.Options)!;
        json["notices"] = JsonSerializer.SerializeToNode<IEnumerable<string>>(notices, JsonFiles.Options);
        return json.ToJsonString(JsonFiles.Options);
    }
}
