using System.CommandLine;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The predict command: a saved model's scores of rows with or without labels, in constant memory.</summary>
static class PredictCommand
{
    public static Command Create()
    {
        Option<string> model = SharedOptions.ModelDirectory();
        Option<string[]> data = SharedOptions.Files("--data",
            "Files of any size; labels are not needed and not read.", required: true);
        Option<string> output = new("--out")
        {
            Description = "CSV file for the scores: a header, then probability and logit of each row, in the rows' order.",
            HelpName = "FILE",
            Required = true,
        };
        Option<int> threads = SharedOptions.Threads();
        Option<bool> force = SharedOptions.Force("--out when it is there already"), json = SharedOptions.Json();
        ExampleCommand command = new("predict", "Writes a saved model's click probabilities of rows.",
            "deepfm predict --model-dir runs/frappe/model --data new.libfm.gz --out scores.csv",
            "deepfm predict --model-dir runs/criteo/model --data day1.tsv.gz day2.tsv.gz --out scores.csv --force")
        {
            model, data, output, threads, force, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            string[] files = parsed.GetRequiredValue(data);
            string path = parsed.GetRequiredValue(output);
            SharedOptions.RequireFiles(data.Name, files);
            if (Directory.Exists(path))
            {
                throw new UserErrorException($"--out {path}: this is a directory; name a file in it.");
            }
            if (File.Exists(path) && !parsed.GetValue(force))
            {
                throw new UserErrorException(
                    $"--out {path}: the file is there already. Choose another, or give --force to replace it.");
            }
            AtomicFile.RequireFolder(path.Length == 0 ? "" : Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
            using SavedModel saved = SavedModel.Load(parsed.GetRequiredValue(model), parsed.GetValue(threads));
            long rows = ProgressView.Show(parsed.InvocationConfiguration.Error, view => Prediction.WriteCsv(
                saved.Engine,
                saved.Features.Read(files, readLabels: false, parsed.GetValue(threads), view, cancel),
                path,
                cancel));
            TextWriter result = parsed.InvocationConfiguration.Output;
            result.WriteLine(parsed.GetValue(json)
                ? JsonFiles.ToJson(new PredictResult(rows, path))
                : FormattableString.Invariant($"{rows:N0} rows scored. Written: {path}"));
        });
        return command;
    }

    sealed record PredictResult(long Rows, string File);
}
