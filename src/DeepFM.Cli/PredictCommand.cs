using System.CommandLine;
using DeepFM.Doubts;
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
        Option<string[]> keep = new("--keep")
        {
            Description = "Columns of the input to write before the score, such as an id; they need be no fields.",
            HelpName = "COLUMN…",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> rowNumbers = new("--row-numbers") { Description = "Begins each line with the row's number, from 1 over all files." };
        Option<int> threads = SharedOptions.Threads();
        Option<bool> force = SharedOptions.Force("--out when it is there already"), json = SharedOptions.Json();
        ExampleCommand command = new("predict", "Writes a saved model's click probabilities of rows.",
            "deepfm predict --model-dir runs/frappe/model --data new.libfm.gz --out scores.csv",
            "deepfm predict --model-dir runs/shop/model --data new.csv --keep user item --out scores.csv",
            "deepfm predict --model-dir runs/criteo/model --data day1.tsv.gz day2.tsv.gz --out scores.csv --force")
        {
            model, data, output, keep, rowNumbers, threads, force, json,
        };
        command.SetBody((parsed, cancel) =>
        {
            string[] files = parsed.GetRequiredValue(data);
            string path = parsed.GetRequiredValue(output);
            SharedOptions.RequireFiles(data.Name, files);
            string modelFolder = parsed.GetRequiredValue(model);
            RequireFree(path, parsed.GetValue(force), [.. files, .. Directory.Exists(modelFolder) ? Directory.GetFiles(modelFolder) : []]);
            using FolderLock? held = FolderLock.OfFile(path);
            NoticeSet notices = [];
            ScoreLines lines = new() { RowNumbers = parsed.GetValue(rowNumbers), KeptColumns = parsed.GetValue(keep) ?? [] };
            ScoredRows scored = ProgressView.Show(parsed.InvocationConfiguration.Error, view =>
            {
                view.Doing("reading the model");
                using SavedModel saved = SavedModel.Load(modelFolder, parsed.GetValue(threads));
                notices = [.. saved.Notices];
                return Prediction.WriteCsv(saved.Engine, saved.Features, files, path, lines, parsed.GetValue(threads), view, notices, cancel);
            });
            // The scores themselves may go to standard output.
            TextWriter result = path.StartsWith("/dev/", StringComparison.Ordinal) ? parsed.InvocationConfiguration.Error
                : parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { result.WriteLine(JsonFiles.ToJson(new PredictResult(scored.Rows, path, scored.BlankLines, scored.CommentLines, [.. notices]))); }
            else
            {
                result.WriteLine($"{Counted.Of(scored.Rows, "row")} scored{Skipped(scored)}. Written: {path}");
                Results.PrintNotices(result, notices);
            }
        });
        return command;
    }

    // "; 2 blank lines and 1 comment line skipped", so that scores can be matched with lines.
    static string Skipped(ScoredRows scored)
    {
        string[] kinds = [scored.BlankLines > 0 ? Counted.Of(scored.BlankLines, "blank line") : "",
            scored.CommentLines > 0 ? Counted.Of(scored.CommentLines, "comment line") : ""];
        string all = string.Join(" and ", kinds.Where(kind => kind.Length > 0));
        return all.Length == 0 ? "" : $"; {all} skipped";
    }

    // Refuses to write over what is read, over a file that may be wanted still, and where no file can be.
    static void RequireFree(string path, bool replace, IEnumerable<string> read)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"--out {path}: this is a directory; name a file in it.");
        }
        if (path.Length == 0) { AtomicFile.RequireFolder(path); }
        FileInfo file = AtomicFile.Followed(path);
        AtomicFile.RequireFolder(file.DirectoryName ?? path);
        if (read.FirstOrDefault(other => AtomicFile.Followed(other).FullName == file.FullName) is { } same)
        {
            throw new UserErrorException($"--out {path}: {same} is read by this command and must not be written over. Choose another file.");
        }
        if (file is { Exists: true, Length: > 0 } && !AtomicFile.IsStream(path) && !replace)
        {
            throw new UserErrorException(
                $"--out {path}: the file is there already. Choose another, or give --force to replace it.");
        }
    }

    sealed record PredictResult(long Rows, string File, long BlankLines, long CommentLines, IReadOnlyList<string> Notices);
}
