using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The whole command: parses, calls, and turns failures into messages and exit codes.</summary>
static class CommandLine
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The run failed.</summary>
    public const int Failure = 1;

    /// <summary>Wrong use or wrong data.</summary>
    public const int WrongUse = 2;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs a command line; results go to the configuration's output, messages and progress to its error.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, InvocationConfiguration? configuration = null)
    {
        try { return await InvokeAsync(args, configuration); }
        catch (Exception bug)
        {
            await (configuration?.Error ?? Console.Error).WriteLineAsync(OfBug(bug, IsTraced));
            return Failure;
        }
    }

    static async Task<int> InvokeAsync(IReadOnlyList<string> args, InvocationConfiguration? configuration)
    {
        RootCommand root = Create();
        ParseResult parsed = root.Parse(args);
        // Ctrl-C may have to wait for a step of a large batch. A kernel sees to its signals itself: there they interrupt a cell.
        bool isKernel = parsed.CommandResult.Command.Name == KernelCommand.Name;
        configuration ??= new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = isKernel ? null : TimeSpan.FromMinutes(1),
        };
        configuration.Output = GuardedWriter.ForResults(configuration.Output);
        configuration.Error = GuardedWriter.ForMessages(configuration.Error);
        bool isHelpOfNothing = parsed.Action is HelpAction or HelpWithExamples && UnknownCommand(parsed) is not null;
        if (!isHelpOfNothing && Swallowed(parsed).Length == 0 && (parsed.Errors.Count == 0 || parsed.Action is not ParseErrorAction))
        {
            using CancellationTokenSource hangUp = new();
            using PosixSignalRegistration? closed = isKernel ? null : WhenTheTerminalCloses(hangUp);
            return await parsed.InvokeAsync(configuration, hangUp.Token);
        }

        foreach (string message in Messages(parsed)) { await configuration.Error.WriteLineAsync(ShownText.Lines(message)); }
        await configuration.Error.WriteLineAsync($"See deepfm{Path(parsed.CommandResult.Command)} --help.");
        return WrongUse;
    }

    /// <summary>
    /// Makes <paramref name="body"/> a command's action: off the calling thread, so that Ctrl-C can be heard, and with
    /// failures turned into a message and an exit code.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="body">What it does.</param>
    /// <param name="whenStopped">Said last when it was stopped or could not write: what stays, and how to go on.</param>
    public static void SetBody(this Command command, Action<ParseResult, CancellationToken> body, string? whenStopped = null) =>
        command.SetAction((parsed, cancel) => Task.Run(() => Guard(parsed, body, whenStopped, cancel), CancellationToken.None));

    // As Ctrl-C; nohup, with which the process hears nothing of it, stays in force.
    static PosixSignalRegistration WhenTheTerminalCloses(CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });

    // What is wrong: first of all a name that does not exist, because other complaints follow from it.
    static string[] Messages(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] commands = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];
        if (UnknownCommand(parsed) is { } unknown) { return [UnknownName.Error("command", unknown, commands).Message]; }
        string[] options = [.. parsed.UnmatchedTokens.Where(token => token.StartsWith('-')), .. Swallowed(parsed)];
        if (options.Length > 0)
        {
            string[] known = [.. command.Options.Select(option => option.Name)];
            bool takesSettings = known.Contains(SharedOptions.SetName);
            return [.. options.Select(option => takesSettings && RunSettings.OwnName(option) is { } key
                ? $"There is no option '{ShownText.Short(option)}'; it is a setting: {SharedOptions.SetName} {key}=…"
                : UnknownName.Error("option", option, known).Message)];
        }
        if (commands.Length > 0) { return [$"A command is missing. There are: {string.Join(", ", commands)}."]; }
        return [.. parsed.Errors.Select(error => error.Message).Distinct()];
    }

    // Words like options that another option took for its value: --train a.csv --modle fm.
    static string[] Swallowed(ParseResult parsed) => [.. parsed.CommandResult.Children.OfType<OptionResult>()
        .SelectMany(option => option.Tokens)
        .Select(token => token.Value)
        .Where(value => value.Length > 1 && value[0] == '-' && (value[1] == '-' || char.IsAsciiLetter(value[1])))];

    // The word where a command's name should be.
    static string? UnknownCommand(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count == 0 ? null
        : parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-'));

    // " bench gemm": the names below the root, which goes by the program's name.
    static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "";

    const int MostThreadsOfCore = 4;

    const string OutOfMemory = "There is not enough memory. Tables take embeddingSize numbers an id, and as many again for each state of "
        + "the optimizer (two of adam, none of sgd); a batch takes batchSize times the widths of all layers. Lower embeddingSize, "
        + "hiddenWidths or batchSize, raise minCount in the schema, or train fewer models side by side.";

    static int Guard(ParseResult parsed, Action<ParseResult, CancellationToken> body, string? whenStopped, CancellationToken cancel)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            if (parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == SharedOptions.ThreadsName) is Option<int> threads
                && parsed.GetValue(threads) is int count && count > MostThreadsOfCore * Environment.ProcessorCount)
            {
                error.WriteLine($"{SharedOptions.ThreadsName} {count} is far above the {Environment.ProcessorCount} cores that there are: threads "
                    + "without a core of their own wait for each other, which is slower.");
            }
            body(parsed, cancel);
            return Success;
        }
        catch (Exception wrong) when (CauseOf(wrong) is UserErrorException || wrong is ArgumentException and not ArgumentNullException)
        {
            error.WriteLine(ShownText.Lines(CauseOf(wrong).Message));
            return WrongUse;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. Nothing was written for the run in progress.");
            if (whenStopped is not null) { error.WriteLine(whenStopped); }
            return Cancelled;
        }
        catch (Exception failed) when (failed is TrainingFailedException or Notebooks.Files.NotebookFailedException or IOException
            or UnauthorizedAccessException or OutOfMemoryException)
        {
            error.WriteLine(ShownText.Lines(failed is OutOfMemoryException ? OutOfMemory : failed.Message));
            if (failed is IOException && whenStopped is not null) { error.WriteLine(whenStopped); }
            return Failure;
        }
        catch (Exception bug)
        {
            error.WriteLine(ShownText.Lines(OfBug(bug, IsTraced)));
            return Failure;
        }
    }

    /// <summary>The variable with which the command also tells where in the code it has failed.</summary>
    public const string TraceVariable = "DEEPFM_TRACE";

    static bool IsTraced => Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 };

    // One sentence for people; the stack for who is to mend it.
    internal static string OfBug(Exception bug, bool traced)
    {
        string what = $"This should not have happened, and is a fault of the kit: {bug.GetType().Name}: {bug.Message.ReplaceLineEndings(" ")}";
        return traced
            ? $"{what}{Environment.NewLine}Please report it with the command line and the lines below.{Environment.NewLine}{bug}"
            : $"{what}{Environment.NewLine}Please report it with the command line and what it says with {TraceVariable}=1 before it.";
    }

    // What a variable of the environment says is found wrong where it is first used: inside a type's initializer, on any thread.
    static Exception CauseOf(Exception failed) =>
        failed is AggregateException or TypeInitializationException && failed.InnerException is { } inner ? CauseOf(inner) : failed;

    static RootCommand Create()
    {
        RootCommand root = new("Trains and compares click-through-rate models: DeepFM and the baselines of its paper.")
        {
            ReproduceCommand.Create(),
            PlanCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            CompareCommand.Create(),
            SettingsCommand.Create(),
            DescribeCommand.Create(),
            GenerateCommand.Create(),
            BenchCommand.Create(),
            NotebookCommand.Create(),
            JupyterCommand.Create(),
            KernelCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The usual help, then the command's examples.</summary>
    sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parsed)
        {
            int code = usual.Invoke(parsed);
            if (parsed.CommandResult.Command is ExampleCommand { Examples: { Count: > 0 } examples })
            {
                TextWriter output = parsed.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (string example in examples) { output.WriteLine($"  {example}"); }
                output.WriteLine();
            }
            return code;
        }
    }
}

/// <summary>A command whose help ends with examples.</summary>
sealed class ExampleCommand(string name, string description, params IReadOnlyList<string> examples)
    : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
