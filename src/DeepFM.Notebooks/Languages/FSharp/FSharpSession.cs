using System.Reflection;
using System.Text.RegularExpressions;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages.CSharp;
using FSharp.Compiler.Diagnostics;
using Microsoft.FSharp.Core;
using static FSharp.Compiler.Interactive.Shell;

namespace DeepFM.Notebooks.Languages.FSharp;

/// <summary>F# cells, by the F# compiler's interactive session. It is made at the first cell, which takes some seconds.</summary>
sealed partial class FSharpSession : ICellLanguage
{
    static readonly string[] options = ["fsi", "--noninteractive", "--nologo", "--quiet", "--gui-", "--readline-", "--multiemit+",
        "--optimize+", "--targetprofile:netcore", "--noframework", "--usesdkrefs-"];

    readonly Lock gate = new();
    readonly HashSet<Assembly> known = [];                  // those whose types have formatters
    readonly Dictionary<string, Guid> references = [];      // the builds of the files that #r named
    Task<FsiEvaluationSession>? creation;
    Task running = Task.CompletedTask;

    public string Name => "fsharp";

    /// <summary>Whether a cell runs, perhaps one that did not stop when it was interrupted.</summary>
    public bool IsBusy => !running.IsCompleted;

    public IReadOnlyList<CellVariable> Variables => creation is not { IsCompletedSuccessfully: true } ready ? [] :
        [.. ready.Result.GetBoundValues()
            .Where(bound => bound.Name != "it")
            .Select(bound => new CellVariable(bound.Name, bound.Value.ReflectionType, bound.Value.ReflectionValue))
            .GroupBy(variable => variable.Name).Select(same => same.Last())
            .OrderBy(variable => variable.Name, StringComparer.Ordinal)];

    public Task<object?> RunAsync(string code, CellContext cell)
    {
        if (IsBusy)
        {
            throw new CellFailedException("SessionBusy", "An interrupted F# cell still runs. Wait, or restart the kernel.",
                ["An interrupted F# cell still runs. Wait, or restart the kernel."]);
        }
        TaskCompletionSource ended = new();
        running = ended.Task;
        try
        {
            return Task.FromResult(EvaluateWithChecks(code, cell));
        }
        finally
        {
            ended.SetResult();
        }
    }

    public Task SetAsync(string name, object? value, Type type, CellContext cell)
    {
        // The session's own way to bind a value mistakes types of the runtime for others of the same names.
        Type shown = CSharpTypeName.Nearest(type);
        if (CSharpTypeName.Assemblies(shown).Any(assembly => assembly.Location.Length == 0)) { shown = typeof(object); }
        string source = CSharpTypeName.Readable(shown);
        string taken = SharedValues.Put(value);
        IEnumerable<string> references = CSharpTypeName.Assemblies(shown).Where(assembly => assembly != typeof(object).Assembly)
            .Select(assembly => $"#r @\"{assembly.Location}\"\n");
        Evaluate($"{string.Concat(references)}let ``{name}`` : {source} = unbox ({typeof(SharedValues).FullName}.Take(\"{taken}\"))", cell);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        creation?.ContinueWith(made => ((IDisposable)made.Result).Dispose(), CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return default;
    }

    /// <summary>The compiler's session. The first call begins to make it, and so does one after it could not be made.</summary>
    /// <remarks>
    /// It is made outside any cell: an interrupt in the midst of it would break F# for good. The interrupted cell stops to wait, and
    /// the next one finds the session whole.
    /// </remarks>
    public Task<FsiEvaluationSession> SessionAsync()
    {
        lock (gate)
        {
            if (creation is null or { IsFaulted: true })
            {
                using (ExecutionContext.SuppressFlow()) { creation = Task.Run(Create); }
            }
            return creation;
        }
    }

    FsiEvaluationSession Session(CellContext cell) => SessionAsync().WaitAsync(cell.Cancellation).GetAwaiter().GetResult();

    // Code that does not compile with checks runs without them, or fails with the messages that fit it.
    object? EvaluateWithChecks(string code, CellContext cell)
    {
        RefuseChanged(code);
        string withChecks = FSharpLoops.AddChecks(code, cell.Path, Session(cell).InteractiveChecker);
        if (withChecks == code) { return Evaluate(code, cell); }
        (FSharpChoice<FSharpOption<FsiValue>?, Exception> outcome, FSharpDiagnostic[] diagnostics) = Interact(withChecks, cell);
        return diagnostics.Any(found => found.Severity.IsError) ? Evaluate(code, cell) : Value(outcome, diagnostics, cell);
    }

    // The compiler's session passes over a reference that it has, whatever the file is by now.
    void RefuseChanged(string code)
    {
        foreach (Match found in Reference().Matches(code))
        {
            string path = Path.GetFullPath(found.Groups["path"].Value);
            Guid build = AssemblyFile.BuildOf(path);
            if (build == Guid.Empty) { continue; }
            if (!references.TryAdd(path, build) && references[path] != build) { throw AssemblyFile.Refused(AssemblyFile.Late(path, path)); }
        }
    }

    object? Evaluate(string code, CellContext cell)
    {
        (FSharpChoice<FSharpOption<FsiValue>?, Exception> outcome, FSharpDiagnostic[] diagnostics) = Interact(code, cell);
        FSharpDiagnostic[] errors = [.. diagnostics.Where(found => found.Severity.IsError)];
        if (errors.Length > 0)
        {
            string more = errors.Length > 1 ? $" (and {errors.Length - 1} more)" : "";
            throw new CellFailedException("CompilationError", Text(errors[0], "error") + more,
                [.. errors.SelectMany(error => new[] { Text(error, "error") }.Concat(Excerpt(error, code)))]);
        }
        return Value(outcome, diagnostics, cell);
    }

    static object? Value(FSharpChoice<FSharpOption<FsiValue>?, Exception> outcome, FSharpDiagnostic[] diagnostics, CellContext cell)
    {
        foreach (FSharpDiagnostic warning in diagnostics.Where(found => found.Severity.IsWarning))
        {
            cell.Write("stderr", Text(warning, "warning") + "\n");
        }
        if (outcome is FSharpChoice<FSharpOption<FsiValue>?, Exception>.Choice2Of2 failed)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.Item);
        }
        FSharpOption<FsiValue>? value = ((FSharpChoice<FSharpOption<FsiValue>?, Exception>.Choice1Of2)outcome).Item;
        return value is not null && value.Value.ReflectionType != typeof(Unit) ? value.Value.ReflectionValue : null;
    }

    Tuple<FSharpChoice<FSharpOption<FsiValue>?, Exception>, FSharpDiagnostic[]> Interact(string code, CellContext cell)
    {
        FsiEvaluationSession made = Session(cell);
        Tuple<FSharpChoice<FSharpOption<FsiValue>?, Exception>, FSharpDiagnostic[]> told = made.EvalInteractionNonThrowing(code,
            cell.Path, FSharpOption<CancellationToken>.Some(cell.Cancellation));
        // An interrupted compiler reports an internal error of its own.
        if (told.Item2.Any(found => found.Severity.IsError)) { cell.Cancellation.ThrowIfCancellationRequested(); }
        ValueViews.RegisterUnions(made.DynamicAssemblies.Where(known.Add).SelectMany(assembly => assembly.GetTypes()));
        return told;
    }

    static FsiEvaluationSession Create()
    {
        // The session would look for the SDK's assemblies by itself, and does not find all of them; these are the process's own.
        string[] references = [.. CellReferences.Framework.Append(typeof(Unit).Assembly.Location).Select(path => $"-r:{path}")];
        FsiEvaluationSession created = FsiEvaluationSession.Create(FsiEvaluationSession.GetDefaultConfiguration(),
            [.. options, .. references], TextReader.Null, TextWriter.Null,
            TextWriter.Null, collectible: null, legacyReferenceResolver: null);
        string own = typeof(FSharpSession).Assembly.Location;
        string formatting = typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly.Location;
        string html = typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly.Location;
        created.EvalInteraction($"""
            #r @"{html}"
            #r @"{formatting}"
            #r @"{own}"
            open System
            open Microsoft.DotNet.Interactive.Formatting
            open DeepFM.Notebooks.Display
            open type DeepFM.Notebooks.Display.Kernel
            """, null);
        return created;
    }

    static string Text(FSharpDiagnostic found, string kind) =>
        $"({found.StartLine},{found.StartColumn + 1}): {kind} {found.ErrorNumberText}: {found.Message}";

    static IEnumerable<string> Excerpt(FSharpDiagnostic error, string code)
    {
        string[] lines = code.Split('\n');
        if (error.StartLine < 1 || error.StartLine > lines.Length) { yield break; }
        string line = lines[error.StartLine - 1];
        int end = error.EndLine == error.StartLine ? Math.Max(error.EndColumn, error.StartColumn + 1)
            : Math.Max(line.Length, error.StartColumn + 1);
        yield return $"    {line}";
        yield return $"    {new string(' ', error.StartColumn)}{new string('^', end - error.StartColumn)}";
    }

    [GeneratedRegex("""^[ \t]*#r[ \t]+@?"(?<path>[^"]+)["]""", RegexOptions.Multiline)]
    private static partial Regex Reference();
}
