using System.Text;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;
using CompletionItem = DeepFM.Notebooks.Execution.CompletionItem;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>What an editor asks about C# cells: completions, symbols, whether code is whole.</summary>
/// <remarks>A workspace with a project for each cell that left definitions behind; it is made at the first question.</remarks>
sealed class CSharpServices(CSharpSession session) : IDisposable
{
    const int MostItems = 1000;
    readonly Lazy<AdhocWorkspace> workspace = new(() => new(MefHostServices.DefaultHost));
    readonly Dictionary<CSharpCompilation, ProjectId> projects = [];
    readonly SemaphoreSlim turn = new(1);

    /// <summary>Completions at a position of a cell that has not run yet.</summary>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel)
    {
        Document document = await OpenAsync(code, cancel);
        CompletionService? service = CompletionService.GetService(document);
        CompletionList? list = service is null ? null : await service.GetCompletionsAsync(document, position, cancellationToken: cancel);
        if (list is null || list.ItemsList.Count == 0) { return new(position, position, []); }
        string begun = code[list.Span.Start..Math.Min(position, list.Span.End)];
        CompletionItem[] items = [.. list.ItemsList
            .Where(item => item.FilterText.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Where(item => !item.DisplayText.StartsWith('#') && !item.IsComplexTextEdit)
            .DistinctBy(item => item.DisplayText)
            .Take(MostItems)
            .Select(item => new CompletionItem(item.DisplayText, item.Tags.FirstOrDefault()?.ToLowerInvariant()))];
        return new(list.Span.Start, Math.Max(position, list.Span.End), items);
    }

    /// <summary>What is known about the symbol at a position; inside a call's parentheses, about the function.</summary>
    public async Task<MimeBundle?> InspectAsync(string code, int position, CancellationToken cancel)
    {
        Document document = await OpenAsync(code, cancel);
        QuickInfoItem? info = QuickInfoService.GetService(document) is { } service
            ? await service.GetQuickInfoAsync(document, position, cancel) : null;
        if (info is null && position > 0 && QuickInfoService.GetService(document) is { } before)
        {
            info = await before.GetQuickInfoAsync(document, position - 1, cancel);      // the cursor stands behind the word
        }
        string text = info is null
            ? await SignaturesAsync(document, position, cancel)
            : string.Join("\n\n", info.Sections.Select(section => section.Text).Where(section => section.Length > 0));
        if (text.Length == 0) { return null; }
        string[] parts = text.Split("\n\n", 2);
        return Bundles.Of("text/markdown", $"```csharp\n{parts[0]}\n```\n{(parts.Length > 1 ? $"\n{parts[1]}\n" : "")}", text);
    }

    /// <summary>Whether code is whole.</summary>
    public static Completeness IsComplete(string code)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, CSharpSession.Parsing);
        if (SyntaxFactory.IsCompleteSubmission(tree))
        {
            return new(tree.GetDiagnostics().Any(found => found.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete");
        }
        string last = code.TrimEnd().Split('\n')[^1];
        string indent = last[..^last.TrimStart().Length];
        return new("incomplete", last.TrimEnd().EndsWith('{') || last.TrimEnd().EndsWith('(') ? indent + "    " : indent);
    }

    public void Dispose()
    {
        if (workspace.IsValueCreated) { workspace.Value.Dispose(); }
        turn.Dispose();
    }

    async Task<Document> OpenAsync(string code, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(() =>
            {
                SyntaxTree tree = CSharpSyntaxTree.ParseText("", CSharpSession.Parsing, cancellationToken: cancel);
                CSharpCompilation next = session.Compilation(tree, []);
                ProjectId? last = session.Last is { } compilation ? Add(compilation) : null;
                ProjectInfo info = Info(next, last);
                DocumentId id = DocumentId.CreateNewId(info.Id);
                return workspace.Value.CurrentSolution.AddProject(info).AddDocument(id, "cell", SourceText.From(code)).GetDocument(id)!;
            }, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    // The chain of cells that have run, oldest first; each only once.
    ProjectId Add(CSharpCompilation newest)
    {
        Stack<CSharpCompilation> chain = new();
        for (CSharpCompilation? at = newest; at is not null && !projects.ContainsKey(at); at = Previous(at)) { chain.Push(at); }
        Solution solution = workspace.Value.CurrentSolution;
        foreach (CSharpCompilation compilation in chain)
        {
            ProjectInfo info = Info(compilation, Previous(compilation) is { } before ? projects[before] : null);
            solution = solution.AddProject(info);
            foreach (SyntaxTree tree in compilation.SyntaxTrees.TakeLast(1))
            {
                solution = solution.AddDocument(DocumentId.CreateNewId(info.Id), "cell", tree.GetText());
            }
            projects[compilation] = info.Id;
        }
        workspace.Value.TryApplyChanges(solution);
        return projects[newest];
    }

    static CSharpCompilation? Previous(CSharpCompilation compilation) => compilation.ScriptCompilationInfo?.PreviousScriptCompilation;

    static ProjectInfo Info(CSharpCompilation compilation, ProjectId? previous) =>
        ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Create(),
        compilation.AssemblyName!, compilation.AssemblyName!, LanguageNames.CSharp, compilationOptions: compilation.Options,
        parseOptions: CSharpSession.Parsing, projectReferences: previous is null ? null : [new(previous)],
        metadataReferences: compilation.ExternalReferences, isSubmission: true);

    // The overloads of the innermost call whose parentheses hold the position.
    static async Task<string> SignaturesAsync(Document document, int position, CancellationToken cancel)
    {
        if (await document.GetSyntaxRootAsync(cancel) is not { } root
            || await document.GetSemanticModelAsync(cancel) is not { } model)
        {
            return "";
        }
        SyntaxNode? call = root.FindToken(Math.Max(0, position - 1)).Parent?.AncestorsAndSelf().FirstOrDefault(node =>
            (node as InvocationExpressionSyntax)?.ArgumentList.FullSpan.Start < position
            || (node as BaseObjectCreationExpressionSyntax)?.ArgumentList?.FullSpan.Start < position);
        IEnumerable<ISymbol> functions = call switch
        {
            InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression, cancel),
            BaseObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation, cancel).Type is INamedTypeSymbol type =>
                type.InstanceConstructors,
            _ => [],
        };
        StringBuilder text = new();
        foreach (ISymbol function in functions) { text.AppendLine(function.ToMinimalDisplayString(model, position)); }
        return text.ToString().TrimEnd();
    }
}
