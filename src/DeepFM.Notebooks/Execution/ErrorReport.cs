using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DeepFM.Notebooks.Execution;

/// <summary>Turns what a cell threw into what the user reads: name, message, and the frames of their own code.</summary>
static partial class ErrorReport
{
    /// <summary>The name of the error of a cell that the user stopped.</summary>
    public const string Interrupted = "Interrupted";

    /// <summary>Most lines of a stack: a recursion without an end has a hundred thousand.</summary>
    const int MostFrames = 30, FirstFrames = 20;

    /// <summary>The result of a cell that threw.</summary>
    /// <param name="thrown">What it threw.</param>
    /// <param name="cell">The cell.</param>
    public static CellResult Of(Exception thrown, CellContext cell)
    {
        Exception error = Unwrap(thrown);
        if (cell.Cancellation.IsCancellationRequested && IsStop(error))
        {
            return OfInterrupt("The cell was interrupted.", Frames(error, cell));
        }
        if (error is CellFailedException wrong)
        {
            return new(false, null, wrong.Name, wrong.Message, [.. wrong.Details]);
        }
        string name = error is UserErrorException ? "UserError" : error.GetType().FullName ?? error.GetType().Name;
        List<string> lines = [$"{name}: {error.Message}"];
        lines.AddRange(Frames(error, cell));
        for (Exception? inner = error.InnerException; inner is not null && error is not UserErrorException; inner = inner.InnerException)
        {
            lines.Add($"caused by {inner.GetType().FullName}: {inner.Message}");
            lines.AddRange(Frames(inner, cell));
        }
        return new(false, null, name, error.Message, lines);
    }

    /// <summary>The result of a cell that was stopped.</summary>
    public static CellResult OfInterrupt(string message, IEnumerable<string> frames) =>
        new(false, null, Interrupted, message, [$"{Interrupted}: {message}", .. frames]);

    /// <summary>What the user reads of a failure that came outside a cell's own course, in a task or thread that it left running.</summary>
    public static string OfBackground(Exception thrown)
    {
        Exception error = Unwrap(thrown);
        string[] frames = Frames(error, null);
        // Without frames of the user's own, those of the libraries are all there is to go by.
        return frames.Length == 0 ? $"{error}" : string.Join('\n', [$"{error.GetType().FullName}: {error.Message}", .. frames]);
    }

    // What reflection and tasks wrap around the user's exception says nothing to the user.
    static Exception Unwrap(Exception error) => error switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [{ } only] } => Unwrap(only),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        _ => error,
    };

    // Loops that run in parallel throw what each of them was stopped by, together.
    static bool IsStop(Exception error) => error switch
    {
        AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(one => IsStop(Unwrap(one))),
        _ => error is OperationCanceledException or ThreadInterruptedException,
    };

    static string[] Frames(Exception error, CellContext? cell)
    {
        string[] all = [.. AllFrames(error, cell)];
        return all.Length <= MostFrames ? all
            : [.. all.Take(FirstFrames), $"   … {all.Length - MostFrames + 1} more", .. all.TakeLast(MostFrames - FirstFrames - 1)];
    }

    static IEnumerable<string> AllFrames(Exception error, CellContext? cell)
    {
        foreach (StackFrame frame in new StackTrace(error, fNeedFileInfo: true).GetFrames())
        {
            string? file = frame.GetFileName();
            if (file is null) { continue; }
            if (CellPath().Match(file) is { Success: true } own) { file = own.Value; }  // the compiler puts a folder before it
            else if (!file.EndsWith(".csx", StringComparison.Ordinal)) { continue; }
            string text = cell is not null && file == cell.Path ? LineOf(cell.Code, frame.GetFileLineNumber()) : "";
            yield return $"   at {file}, line {frame.GetFileLineNumber()}{In(frame)}{(text.Length > 0 ? $":  {text}" : "")}";
        }
    }

    // " in Train": the function as the user wrote it, found in the names that the compiler made of it.
    static string In(StackFrame frame)
    {
        MethodBase? method = frame.GetMethod();
        string type = method?.DeclaringType?.Name ?? "", name = method?.Name ?? "";
        if (name == "MoveNext") { name = type; }
        Match made = MadeName().Match(name);
        if (made.Success) { name = made.Groups["local"] is { Success: true } local ? local.Value : made.Groups["method"].Value; }
        return name.Length == 0 || name.Contains("<Initialize>") || name.Contains("<Factory>") || name is "Initialize" or ".ctor" or "main@"
            ? "" : $" in {name}";
    }

    static string LineOf(string code, int line)
    {
        string[] lines = code.Split('\n');
        return line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "";
    }

    [GeneratedRegex(@"(?<=^|[/\\])cell \d+$")]
    private static partial Regex CellPath();

    // <Train>d__0 (iterators, async), <Main>g__Train|0_0 (local functions), <Run>b__1 (lambdas).
    [GeneratedRegex(@"^<+(?<method>[\w.$]+)>+(g__(?<local>\w+)\||[a-z]__)")]
    private static partial Regex MadeName();
}
