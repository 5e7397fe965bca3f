using System.Globalization;
using DeepFM.Notebooks.Languages.CSharp;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepFM.Notebooks.Files;

/// <summary>Gives variables of a notebook other values: a cell behind the one tagged "parameters", as papermill does.</summary>
static class NotebookParameters
{
    const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>Puts the cell in; one of an earlier run goes.</summary>
    /// <param name="notebook">Changed.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="values">Texts by variable.</param>
    /// <exception cref="UserErrorException">There is no such cell or variable, or a value does not fit.</exception>
    public static void Inject(Notebook notebook, string name, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0) { return; }
        List<NotebookCell> cells = [.. notebook.Cells];
        int at = cells.FindIndex(cell => cell.IsCode && cell.Tags.Contains(Tag));
        if (at < 0)
        {
            throw new UserErrorException($"{name}: no cell has the tag 'parameters', so there is nothing that --set can change. "
                + "Add the tag to the cell with the settings.");
        }
        Dictionary<string, VariableDeclaratorSyntax> known = Variables(cells[at].Source);
        List<string> lines = [];
        foreach ((string variable, string value) in values)
        {
            if (!known.TryGetValue(variable, out VariableDeclaratorSyntax? declared))
            {
                throw UnknownName.Error($"variable of {name}'s parameters cell", variable, [.. known.Keys]);
            }
            lines.Add($"{variable} = {Literal(variable, value, declared)};");
        }
        int old = cells.FindIndex(cell => cell.Tags.Contains(InjectedTag));
        if (old >= 0) { notebook.RemoveAt(old); }
        notebook.Insert(old >= 0 && old < at ? at : at + 1, NotebookCell.Code(string.Join('\n', lines), InjectedTag));
    }

    static Dictionary<string, VariableDeclaratorSyntax> Variables(string source) =>
        CSharpSyntaxTree.ParseText(source, CSharpSession.Parsing).GetRoot().DescendantNodes().OfType<FieldDeclarationSyntax>()
            .SelectMany(field => field.Declaration.Variables)
            .GroupBy(variable => variable.Identifier.ValueText)
            .ToDictionary(group => group.Key, group => group.Last());

    // As C#, of the kind of the value that stands in the notebook; a value of another kind is taken as an expression.
    static string Literal(string name, string value, VariableDeclaratorSyntax declared)
    {
        string type = ((VariableDeclarationSyntax)declared.Parent!).Type.ToString();
        ExpressionSyntax? standard = declared.Initializer?.Value;
        if (standard is PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax operand }) { standard = operand; }
        if (type.TrimEnd('?') is "string" or "String" or "System.String")
        {
            return value == "null" && type.EndsWith('?') ? value : SymbolDisplay.FormatLiteral(value, quote: true);
        }
        switch (standard?.Kind())
        {
            case SyntaxKind.StringLiteralExpression or SyntaxKind.InterpolatedStringExpression:
                return SymbolDisplay.FormatLiteral(value, quote: true);
            case SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression:
                return bool.TryParse(value, out bool truth) ? (truth ? "true" : "false") : throw Wrong("true or false");
            case SyntaxKind.NumericLiteralExpression:
                string digits = value.Replace("_", "", StringComparison.Ordinal);
                object? number = ((LiteralExpressionSyntax)standard).Token.Value;
                bool whole = number is int or uint or long or ulong
                    && type is "var" or "int" or "uint" or "long" or "ulong" or "short" or "byte";
                if (whole && !Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                {
                    throw Wrong("a whole number");
                }
                if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) { throw Wrong("a number"); }
                return digits + (type, number) switch
                {
                    ("float", _) or ("var", float) => "f",
                    ("decimal", _) or ("var", decimal) => "m",
                    ("var", double) when !digits.Contains('.') && !digits.Contains('e', StringComparison.OrdinalIgnoreCase) => "d",
                    ("var", ulong) => "ul",
                    ("var", long) => "L",
                    _ => "",
                };
            default:
                return value;
        }

        UserErrorException Wrong(string allowed) =>
            new($"--set {name}={value} is not allowed: {name} must be {allowed}, as in the notebook ({declared}).");
    }
}
