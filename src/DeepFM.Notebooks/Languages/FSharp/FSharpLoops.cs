using System.Text.RegularExpressions;
using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Syntax;
using FSharp.Compiler.Text;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Control;
using Microsoft.FSharp.Core;
using Range = FSharp.Compiler.Text.Range;

namespace DeepFM.Notebooks.Languages.FSharp;

/// <summary>Writes a check into the loops and the recursive functions of F# cells.</summary>
static partial class FSharpLoops
{
    const string Script = "cell.fsx";           // the parser asks for a name of this kind
    static readonly string check = $"global.{CellLoop.CheckCall}";

    /// <summary>
    /// The code with a check where each body begins. Lines stay the same for the compiler, columns do not. A body that begins
    /// behind other code and goes on over several lines gets none: it would lose its alignment.
    /// </summary>
    /// <returns>The same code when it has no such body, or cannot be parsed.</returns>
    public static string AddChecks(string code, string path, FSharpChecker checker)
    {
        if (!Words().IsMatch(code)) { return code; }
        FSharpParseFileResults parsed = Parse(code, checker);
        if (parsed.ParseHadErrors) { return code; }

        string[] lines = code.Split('\n');
        List<Insertion> insertions = [];
        Func<Unit?, FSharpList<SyntaxNode>, SyntaxNode, Unit?> visit = (_, parents, node) =>
        {
            if (BodyOf(node, parents.IsEmpty ? null : parents.Head) is { } body) { insertions.AddRange(Of(body, lines, path)); }
            return null;
        };
        ParsedInputModule.fold(FuncConvert.FromFunc(visit!), null, parsed.ParseTree);
        // From the end, so that what was found before stays in its place.
        foreach (Insertion next in insertions.OrderByDescending(next => next.Line).ThenByDescending(next => next.Column))
        {
            lines[next.Line - 1] = lines[next.Line - 1].Insert(next.Column, next.Text);
        }
        return string.Join('\n', lines);
    }

    /// <summary>A cell's code as the compiler reads it.</summary>
    public static FSharpParseFileResults Parse(string code, FSharpChecker checker)
    {
        FSharpParsingOptions options = new([Script], applyLineDirectives: false, FSharpList<string>.Empty, FSharpDiagnosticOptions.Default,
            "preview", isInteractive: true, compilingFSharpCore: false, isExe: false);
        return FSharpAsync.RunSynchronously(checker.ParseFile(Script, SourceText.ofString(code), options,
            FSharpOption<bool>.Some(false), null), null, null);
    }

    static IEnumerable<Insertion> Of(SynExpr body, string[] lines, string path)
    {
        string line = lines[body.Range.StartLine - 1];
        // Behind an arrow stands a value, which is one expression.
        bool isValue = body is SynExpr.YieldOrReturn && !Yield().IsMatch(line[body.Range.StartColumn..]);
        Range range = body is SynExpr.YieldOrReturn value && isValue ? value.expr.Range : body.Range;
        if (string.IsNullOrWhiteSpace(lines[range.StartLine - 1][..range.StartColumn]))
        {
            yield return new(range.StartLine, 0, $"{new string(' ', range.StartColumn)}{check}\n# {range.StartLine} \"{path}\"\n");
        }
        else if (range.StartLine == range.EndLine)
        {
            yield return new(range.StartLine, range.StartColumn, isValue ? $"({check}; " : $"{check}; ");
            if (isValue) { yield return new(range.EndLine, range.EndColumn, ")"); }
        }
    }

    // What a round of a loop, or a call of a recursive function, computes.
    static SynExpr? BodyOf(SyntaxNode node, SyntaxNode? parent) => node switch
    {
        SyntaxNode.SynExpr { Item: SynExpr.While loop } => loop.doExpr,
        SyntaxNode.SynExpr { Item: SynExpr.WhileBang loop } => loop.doExpr,
        SyntaxNode.SynExpr { Item: SynExpr.For loop } => loop.doBody,
        SyntaxNode.SynExpr { Item: SynExpr.ForEach loop } => loop.bodyExpr,
        SyntaxNode.SynBinding { Item: { headPat: SynPat.LongIdent { argPats: SynArgPats.Pats { pats.IsEmpty: false } } } function }
            when IsRecursive(parent) => function.expr is SynExpr.Typed typed ? typed.expr : function.expr,
        _ => null,
    };

    static bool IsRecursive(SyntaxNode? parent) => parent is SyntaxNode.SynModule { Item: SynModuleDecl.Let { isRecursive: true } }
        or SyntaxNode.SynExpr { Item: SynExpr.LetOrUse { Item.IsRecursive: true } };

    [GeneratedRegex(@"\b(while|for|rec)\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"^(yield|return)\b")]
    private static partial Regex Yield();

    /// <param name="Line">From 1.</param>
    /// <param name="Column">From 0.</param>
    /// <param name="Text">What is inserted before it.</param>
    readonly record struct Insertion(int Line, int Column, string Text);
}
