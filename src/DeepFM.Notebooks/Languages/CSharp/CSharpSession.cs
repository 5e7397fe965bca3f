using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using DeepFM.Notebooks.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>C# cells: each is a script compilation over the one before that left definitions behind.</summary>
/// <remarks>
/// <para>
/// The compiler's script compilations are used without the scripting library's own state: that repeats all references in
/// each cell, which costs memory with the square of their number, and keeps every cell for ever. Here a cell that defines
/// nothing leaves the chain again, and its code is freed.
/// </para>
/// <para>
/// Loops and functions of a cell ask whether the user has interrupted it, and whether the stack still has room, so that
/// neither an endless loop nor an endless recursion costs the session.
/// </para>
/// </remarks>
sealed class CSharpSession : ICellLanguage
{
    /// <summary>What cells need not name: as in .NET Interactive.</summary>
    static readonly string[] usings = ["System", "System.Text", "System.Collections", "System.Collections.Generic",
        "System.Threading.Tasks", "System.Linq", "DeepFM.Notebooks.Display", "DeepFM.Notebooks.Display.Kernel"];

    static readonly EmitOptions emitAsync = new(debugInformationFormat: DebugInformationFormat.PortablePdb,
        instrumentationKinds: [InstrumentationKind.StackOverflowProbing]);

    static readonly EmitOptions emit = emitAsync.WithInstrumentationKinds(
        [InstrumentationKind.StackOverflowProbing, InstrumentationKind.ModuleCancellation]);

    readonly CellLoadContext context = new();
    readonly PackageRestore packages;
    readonly CellReferenceResolver resolver;
    readonly List<CellModule> modules = [];
    object?[] states = new object?[16];                     // the submissions' objects, in slots that the compiler chose
    CSharpCompilation? next;                                // of the next cell, without its code
    int used, named;                                        // the highest slot in use, the names that are taken

    public CSharpSession()
    {
        packages = new(context);
        resolver = new(context, packages);
    }

    /// <summary>How cells are parsed.</summary>
    public static CSharpParseOptions Parsing { get; } = new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    static readonly SyntaxTree empty = CSharpSyntaxTree.ParseText("", Parsing);     // after what it needs

    public string Name => "csharp";

    /// <summary>The newest compilation that left definitions behind; null at the start.</summary>
    public CSharpCompilation? Last { get; private set; }

    public IReadOnlyList<CellVariable> Variables
    {
        get
        {
            Dictionary<string, CellVariable> found = [];
            foreach (object? state in states.AsEnumerable().Reverse())
            {
                foreach (FieldInfo member in Fields(state))
                {
                    found.TryAdd(member.Name, new(member.Name, member.FieldType, member.GetValue(state)));
                }
            }
            return [.. found.Values.OrderBy(variable => variable.Name, StringComparer.Ordinal)];
        }
    }

    public Task<object?> RunAsync(string code, CellContext cell)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, Parsing, cell.Path, Encoding.UTF8, cell.Cancellation);
        CompilationUnitSyntax root = tree.GetCompilationUnitRoot(cell.Cancellation);
        if (root.Members.Count == 0 && root.Usings.Count == 0 && !root.ContainsDirectives && !root.ContainsDiagnostics)
        {
            return Task.FromResult<object?>(null);          // comments and blanks
        }
        IReadOnlyList<string> installed = packages.Restore(Directives(tree).Where(PackageRestore.IsPackage), cell);
        return RunAsync(tree, [.. installed.Select(CellReferenceResolver.Reference)], cell);
    }

    public async Task SetAsync(string name, object? value, Type type, CellContext cell)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
        {
            throw new CellFailedException("NameError", $"'{name}' is no name for a C# variable.", []);
        }
        Type shown = CSharpTypeName.Nearest(type);
        SyntaxTree tree = CSharpSyntaxTree.ParseText($"{CSharpTypeName.Of(shown)} @{name};", Parsing, "", Encoding.UTF8);
        MetadataReference[] references = [.. CSharpTypeName.Assemblies(shown)
            .Where(assembly => assembly.Location.Length > 0)
            .Select(assembly => CellReferences.OfProcess(assembly.GetName().Name!) ?? CellReferences.Open(assembly.Location))];
        await RunAsync(tree, references, cell);
        object state = states[used]!;
        Fields(state).Single(field => field.Name == name).SetValue(state, value);
    }

    public ValueTask DisposeAsync()
    {
        states = [];
        modules.Clear();
        Last = next = null;
        return default;
    }

    /// <summary>What a cell would be compiled to after those that have run.</summary>
    public CSharpCompilation Compilation(SyntaxTree tree, IReadOnlyList<MetadataReference> references)
    {
        if (references.Count > 0) { return Create(tree, references); }
        // A compilation with another tree keeps what this one's references were bound to, which takes as long as all else.
        CSharpCompilation? ready = next;
        if (ready is null || ((SourceFileResolver)ready.Options.SourceReferenceResolver!).BaseDirectory != CurrentDirectory())
        {
            next = ready = Create(empty, []);
        }
        return ready.ReplaceSyntaxTree(empty, tree);
    }

    CSharpCompilation Create(SyntaxTree tree, IReadOnlyList<MetadataReference> references)
    {
        string name = $"Submission#{named + 1}";            // only what later cells refer to needs a name of its own
        CSharpCompilationOptions options = new(OutputKind.DynamicallyLinkedLibrary, scriptClassName: name,
            usings: Last is null ? usings : [],             // later ones inherit what the first has
            optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, concurrentBuild: false,
            metadataReferenceResolver: resolver,
            sourceReferenceResolver: new SourceFileResolver([], CurrentDirectory()),
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);
        return CSharpCompilation.CreateScriptCompilation($"cell-{named + 1}", tree,
            Last is null ? CellReferences.Standard.AddRange(references) : references, options, Last, returnType: typeof(object));
    }

    // Null when it was deleted: a cell must still be able to change to another.
    static string? CurrentDirectory()
    {
        try { return Environment.CurrentDirectory; }
        catch (IOException) { return null; }
    }

    // No later cell gets the name of this one, however it ends: an assembly stays loaded.
    void TakeName()
    {
        named++;
        next = null;
    }

    // The newest compilation whose definitions later cells see.
    void Keep(CSharpCompilation compilation)
    {
        Last = compilation;
        next = null;
    }

    Task<object?> RunAsync(SyntaxTree tree, MetadataReference[] references, CellContext cell)
    {
        resolver.Late = null;
        CSharpCompilation compilation = Compilation(CSharpLoops.AddChecks(tree), references);
        using MemoryStream image = new(), symbols = new();
        EmitOptions options = compilation.SyntaxTrees.Any(CSharpLoops.HasAsync) ? emitAsync : emit;
        EmitResult result = compilation.Emit(image, symbols, options: options, cancellationToken: cell.Cancellation);
        if (resolver.Late is { } late) { throw AssemblyFile.Refused(late); }
        CSharpDiagnostics.Report(result, () => Compilation(tree, references), cell);

        if (image.Length == 0)                              // usings and references alone
        {
            TakeName();
            Keep(compilation);
            return Task.FromResult<object?>(null);
        }
        image.Position = symbols.Position = 0;
        bool lasting = references.Length > 0 || Defines(compilation);
        if (!cell.Leave(() => { if (lasting) { TakeName(); } })) { throw new OperationCanceledException(cell.Cancellation); }
        Assembly assembly = lasting ? context.LoadCell(image, symbols) : context.LoadTransient(image, symbols);
        Func<object?[], Task<object?>> run = EntryPoint(compilation, assembly);
        if (states.Length < used + 3) { Array.Resize(ref states, 2 * states.Length); }

        CellModule module = new(assembly);
        foreach (CellModule live in modules) { live.Watch(cell.Cancellation); }
        module.Watch(cell.Cancellation);
        try
        {
            Task<object?> running = run(states);            // synchronous up to the first await
            module.Run = running;
            cell.Leave(() =>
            {
                if (!lasting) { return; }
                Keep(compilation);
                modules.Add(module);
                while (states[used + 1] is not null) { used++; }
            });
            return running;
        }
        finally
        {
            cell.Leave(() => Array.Clear(states, used + 1, states.Length - used - 1));      // of a cell that leaves nothing
        }
    }

    static Func<object?[], Task<object?>> EntryPoint(CSharpCompilation compilation, Assembly assembly)
    {
        IMethodSymbol entry = compilation.GetEntryPoint(CancellationToken.None)!;
        MethodInfo method = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return method.CreateDelegate<Func<object?[], Task<object?>>>();
    }

    // Whether a later cell can refer to something of this one: a variable, a function, a type, a using or a reference.
    static bool Defines(CSharpCompilation compilation) =>
        compilation.ScriptClass!.GetMembers().Any(member => member.Name.Length > 0 && member.Name[0] is not ('<' or '.'))
        || compilation.SyntaxTrees.Select(tree => tree.GetCompilationUnitRoot())
            .Any(root => root.Usings.Count > 0 || root.GetReferenceDirectives().Count > 0 || root.GetLoadDirectives().Count > 0);

    static IEnumerable<string> Directives(SyntaxTree tree) =>
        tree.GetCompilationUnitRoot().GetReferenceDirectives().Select(directive => directive.File.ValueText);

    static IEnumerable<FieldInfo> Fields(object? state) => state is null ? [] : state.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(field => field.Name[0] != '<');
}
