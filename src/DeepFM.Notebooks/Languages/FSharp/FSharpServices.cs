using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.EditorServices;
using FSharp.Compiler.Text;
using FSharp.Compiler.Tokenization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Control;
using Microsoft.FSharp.Core;
using static FSharp.Compiler.Interactive.Shell;

namespace DeepFM.Notebooks.Languages.FSharp;

/// <summary>What an editor asks about F# cells: completions, symbols, whether code is whole.</summary>
/// <remarks>The compiler's session answers, with all that the cells so far have defined; the first question makes it.</remarks>
sealed class FSharpServices(FSharpSession session)
{
    const int MostItems = 1000;
    static readonly string[] openings = ["=", "->", "then", "else", "do", "with", "try", "finally", "(", "[", "{"];

    /// <summary>Knows no session: it only parses.</summary>
    static readonly Lazy<FSharpChecker> parser = new(() =>
        FSharpChecker.Create(null, null, null, null, null, null, null, null, null, null, null, null, null, null));

    /// <summary>Completions at a position of a cell that has not run yet; none while a cell runs.</summary>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel)
    {
        if (session.IsBusy) { return new(position, position, []); }
        FsiEvaluationSession made = await session.SessionAsync().WaitAsync(cancel);
        (string text, int line, int column) = LineAt(code, position);
        return await Task.Run(() =>
        {
            (FSharpParseFileResults parsed, FSharpCheckFileResults found, _) = made.ParseAndCheckInteraction(code, null);
            PartialLongName name = QuickParse.GetPartialLongNameEx(text, column - 1);
            DeclarationListInfo list = found.GetDeclarationListInfo(FSharpOption<FSharpParseFileResults>.Some(parsed), line, text, name,
                null, null, null);
            string begun = name.PartialIdent;
            CompletionItem[] items = [.. list.Items
                .Where(item => item.NameInList.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
                .DistinctBy(item => item.NameInCode)
                .Take(MostItems)
                .Select(item => new CompletionItem(item.NameInCode, item.Glyph.ToString().ToLowerInvariant()))];
            return new Completions(position - begun.Length, position, items);
        }, cancel);
    }

    /// <summary>What is known about the symbol at a position, or before it; null while a cell runs.</summary>
    public async Task<MimeBundle?> InspectAsync(string code, int position, CancellationToken cancel)
    {
        (string text, int line, int column) = LineAt(code, position);
        if (session.IsBusy || QuickParse.GetCompleteIdentifierIsland(true, text, column) is not { Value: var (name, end, _) }) { return null; }
        FsiEvaluationSession made = await session.SessionAsync().WaitAsync(cancel);
        return await Task.Run(() =>
        {
            FSharpCheckFileResults found = made.ParseAndCheckInteraction(code, null).Item2;
            ToolTipText tip = found.GetToolTip(line, end, text, ListModule.OfSeq(name.Split('.')), FSharpTokenTag.Identifier, null);
            string[] descriptions = [.. tip.Item.OfType<ToolTipElement.Group>().SelectMany(group => group.elements)
                .Select(element => element.MainDescription.Text)
                .Where(description => description.Length > 0)];
            if (descriptions.Length == 0) { return null; }
            string all = string.Join('\n', descriptions);
            return Bundles.Of("text/markdown", $"```fsharp\n{all}\n```\n", all);
        }, cancel);
    }

    /// <summary>Whether code is whole: what is wrong at its very end, or stands open there, may be right with another line.</summary>
    public static Completeness IsComplete(string code)
    {
        FSharpParseFileResults parsed = FSharpLoops.Parse(code, parser.Value);
        FSharpDiagnostic[] errors = [.. parsed.Diagnostics.Where(found => found.Severity.IsError)];
        if (errors.Length == 0) { return new("complete"); }
        string[] lines = code.TrimEnd().Split('\n');
        string last = lines[^1];
        bool atEnd = errors.Any(error => (error.EndLine, error.EndColumn).CompareTo((lines.Length, last.Length)) >= 0);
        FSharpOpenings open = FSharpOpenings.Of(lines);
        if (open.IsUnopened || !atEnd && !open.Any) { return new("invalid"); }
        string indent = last[..^last.TrimStart().Length];
        return new("incomplete", Opens(last) ? indent + "    " : indent);
    }

    // Whether the next line belongs to what this one begins.
    static bool Opens(string line) => openings.Any(end => line.EndsWith(end, StringComparison.Ordinal));

    // The line from 1, the column from 0.
    static (string Text, int Line, int Column) LineAt(string code, int position)
    {
        string before = code[..position];
        int line = before.Count(c => c == '\n');
        return (code.Split('\n')[line].TrimEnd('\r'), line + 1, position - (before.LastIndexOf('\n') + 1));
    }
}
