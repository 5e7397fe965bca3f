using System.Text.RegularExpressions;
using DeepFM.Notebooks.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>What the compiler says about a cell, as its user reads it.</summary>
static partial class CSharpDiagnostics
{
    const int MostErrors = 20;

    // Of what follows from it the compiler says several things, and none that helps.
    const string UsingAdvice = ". A variable of a cell stays for the cells after it, so none is disposed at the cell's end: "
        + "write using (var x = …) { … }, or var x = …; and x.Dispose(); when it is needed no more.";

    // The few warnings that point at a mistake in a notebook; unused variables and the like do not.
    static readonly HashSet<string> usefulWarnings =
    [
        "CS0162", // unreachable code
        "CS0183", "CS0184", // 'is' that is always, or never, true
        "CS0252", "CS0253", // comparison of references that looks like one of values
        "CS0472", // comparison with null that is always the same
        "CS0612", "CS0618", // obsolete
        "CS0665", // = in a condition
        "CS1717", "CS1718", // assigned to, or compared with, itself
        "CS4014", // a call that is not awaited
    ];

    /// <summary>Writes useful warnings to the cell's standard error, and throws when there are errors.</summary>
    /// <param name="result">What was emitted.</param>
    /// <param name="original">The cell as its user wrote it: columns of what was emitted may be others.</param>
    /// <param name="cell">The cell.</param>
    /// <exception cref="CellFailedException">There are errors; each with line, column and its line of code.</exception>
    public static void Report(EmitResult result, Func<Compilation> original, CellContext cell)
    {
        if (!result.Diagnostics.Any(IsUseful)) { return; }
        Diagnostic[] found = [.. original().GetDiagnostics(cell.Cancellation).Where(IsUseful)];
        if (!found.Any(IsError) && !result.Success) { found = [.. result.Diagnostics.Where(IsUseful)]; }
        if (result.Success)
        {
            foreach (Diagnostic warning in found) { cell.Write("stderr", $"{Text(warning)}\n"); }
            return;
        }
        Diagnostic[] errors = [.. found.Where(IsError).OrderBy(error => error.Location.SourceSpan.Start)];
        string first = Text(errors[0]) + (errors.Any(error => UsingDeclaration().IsMatch(LineOf(error.Location))) ? UsingAdvice : "");
        List<string> details = [.. errors.Take(MostErrors).SelectMany((error, at) =>
            new[] { at == 0 ? first : Text(error) }.Concat(Excerpt(error.Location)))];
        if (errors.Length > MostErrors) { details.Add($"… and {Counted.Of(errors.Length - MostErrors, "more error")}."); }
        throw new CellFailedException("CompilationError", first + (errors.Length > 1 ? $" (and {errors.Length - 1} more)" : ""),
            details);
    }

    static bool IsError(Diagnostic found) => found.Severity == DiagnosticSeverity.Error;

    static bool IsUseful(Diagnostic found) =>
        IsError(found) || (found.Severity == DiagnosticSeverity.Warning && usefulWarnings.Contains(found.Id));

    // "(2,5): error CS0103: The name 'x' does not exist in the current context"
    static string Text(Diagnostic diagnostic)
    {
        FileLinePositionSpan span = diagnostic.Location.GetLineSpan();
        string kind = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        string place = span.IsValid
            ? $"{(CellName(span.Path) ? "" : span.Path)}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}): "
            : "";
        return $"{place}{kind} {diagnostic.Id}: {diagnostic.GetMessage()}{Advice(diagnostic)}";
    }

    static bool CellName(string path) => path.StartsWith("cell ", StringComparison.Ordinal);

    static string Advice(Diagnostic diagnostic) => diagnostic.Id switch
    {
        "CS0006" => $". Relative paths start at {Environment.CurrentDirectory}; a package is written \"nuget: Name, Version\".",
        "CS1504" => $" Relative paths start at {Environment.CurrentDirectory}.",
        _ => "",
    };

    static string LineOf(Location location) => location.SourceTree is { } tree
        ? tree.GetText().Lines.GetLineFromPosition(location.SourceSpan.Start).ToString()
        : "";

    // "using var x = ", which scripts do not have; not the alias "using X = ".
    [GeneratedRegex(@"^\s*(await\s+)?using\s+(?!static\b|unsafe\b|alias\b)[\w.<>\[\],?]+\s+\w+\s*=")]
    private static partial Regex UsingDeclaration();

    static IEnumerable<string> Excerpt(Location location)
    {
        if (location.SourceTree is not { } tree) { yield break; }
        TextLine line = tree.GetText().Lines.GetLineFromPosition(location.SourceSpan.Start);
        string code = line.ToString().Replace('\t', ' ');
        int start = location.SourceSpan.Start - line.Start;
        int length = Math.Max(1, Math.Min(location.SourceSpan.Length, line.End - location.SourceSpan.Start));
        yield return $"    {code}";
        yield return $"    {new string(' ', start)}{new string('^', length)}";
    }
}
