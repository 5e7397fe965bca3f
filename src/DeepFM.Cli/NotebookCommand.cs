using System.CommandLine;
using System.Globalization;
using DeepFM.Notebooks.Files;

namespace DeepFM.Cli;

/// <summary>The notebook command: runs notebooks without Jupyter. All of it is in DeepFM.Notebooks.</summary>
static class NotebookCommand
{
    public static Command Create() => new("notebook", "Works with notebooks, without Jupyter.") { CreateRun() };

    static ExampleCommand CreateRun()
    {
        Argument<string[]> files = new("files") { Description = "Notebooks, run one after the other.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--out")
        {
            Description = "Directory for the copies with their outputs.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "executed",
        };
        Option<string> timeout = new("--timeout") { Description = "Most seconds for a cell. Default: no limit.", HelpName = "S" };
        Option<string[]> set = new("--set")
        {
            Description = "Gives variables of the cell tagged 'parameters' other values.",
            HelpName = "KEY=VALUE…",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> still = new("--static") { Description = "Keeps the charts' static pictures alone, so that the copies are small." };
        ExampleCommand command = new("run", "Executes notebooks and writes copies with their outputs; stops at the first cell that fails.",
            "deepfm notebook run notebooks/00-quickstart.ipynb --out executed",
            "deepfm notebook run notebooks/*.ipynb --timeout 300 --set epochs=1")
        {
            files, output, timeout, set, still,
        };
        command.SetBody((parsed, cancel) =>
        {
            string[] paths = parsed.GetRequiredValue(files);
            string folder = parsed.GetRequiredValue(output);
            SharedOptions.RequireFiles("notebook run", paths);
            string? twice = paths.GroupBy(Path.GetFileName).FirstOrDefault(group => group.Count() > 1)?.Key;
            if (twice is not null)
            {
                throw new UserErrorException($"Two notebooks are called {twice}, so their copies would be one file. "
                    + "Run them with different --out.");
            }
            TextWriter error = parsed.InvocationConfiguration.Error;
            NotebookRunner runner = new()
            {
                TimeoutSeconds = Seconds(parsed.GetValue(timeout)),
                Parameters = Assignments(parsed.GetValue(set) ?? []),
                Static = parsed.GetValue(still),
                Progress = new Narrator(error),
                Exiting = failure =>
                {
                    error.WriteLine(failure);
                    Environment.ExitCode = CommandLine.Failure;     // in place of the cell's, which may be 0
                },
            };
            foreach (string path in paths)
            {
                string copy = Path.Combine(folder, Path.GetFileName(path));
                runner.RunAsync(path, copy, cancel).GetAwaiter().GetResult();
                parsed.InvocationConfiguration.Output.WriteLine($"Written: {copy}");
            }
        });
        return command;
    }

    static double? Seconds(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds
        : throw new UserErrorException($"--timeout {text} is not allowed: it must be a number of seconds.");

    static Dictionary<string, string> Assignments(string[] texts)
    {
        Dictionary<string, string> values = [];
        foreach (string text in texts)
        {
            int sign = text.IndexOf('=');
            if (sign <= 0) { throw new UserErrorException($"--set {text} is not allowed; write key=value, such as epochs=1."); }
            values[text[..sign]] = text[(sign + 1)..];
        }
        return values;
    }

    sealed class Narrator(TextWriter error) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => error.WriteLine(FormattableString.Invariant(
            $"{Path.GetFileName(value.Notebook)}: cell {value.Cell} of {value.CellCount}, {value.Seconds:0.0} s"));
    }
}
