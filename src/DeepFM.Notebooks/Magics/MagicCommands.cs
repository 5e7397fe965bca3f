using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages;
using DeepFM.Notebooks.Languages.CSharp;

namespace DeepFM.Notebooks.Magics;

/// <summary>The commands, beside those that choose a language.</summary>
/// <param name="languages">The languages of the session, by name.</param>
sealed class MagicCommands(Func<string, ICellLanguage?> languages)
{
    const int LongestValue = 80;
    static readonly string[] stateful = ["csharp", "fsharp"];

    static readonly (string Name, string Description)[] commands =
    [
        ("about", "Versions of the kernel and of what it runs on."),
        ("lsmagic", "Lists the magic commands."),
        ("set", "--name x --value @fsharp:y: makes a variable of the current language; "
            + "the value may also be a number, true, false or a text."),
        ("share", "--from fsharp y [--as x]: takes a variable over from another language."),
        ("time", "Says how long the cell took."),
        ("who", "Names of all variables."),
        ("whos", "Names, types and values of all variables."),
    ];

    /// <summary>Every name that may stand after <c>#!</c>.</summary>
    static IEnumerable<string> Known => CellParts.Languages.Keys.Concat(commands.Select(command => command.Name));

    /// <summary>Completions of a name that has been begun.</summary>
    public static IEnumerable<string> Beginning(string prefix) =>
        Known.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    /// <summary>Refuses a command that does not exist.</summary>
    /// <exception cref="CellFailedException">
    /// The message lists the known ones, the nearest first; or the command is given what it does not take.
    /// </exception>
    public static void Require(MagicCall call)
    {
        if (commands.Any(command => command.Name == call.Name))
        {
            if (call.Name is not ("set" or "share") && call.Words is [string first, ..])
            {
                throw call.Wrong($"it takes nothing behind it, but '{first}' is given.");
            }
            return;
        }
        string[] known = [.. Known.OrderByDescending(name => Shared(name, call.Name)).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => $"#!{name}")];
        string message = $"({call.Line},1): {UnknownName.Error("magic command", $"#!{call.Name}", known).Message}";
        throw new CellFailedException("UnknownMagic", message, [message]);
    }

    /// <summary>Runs a command.</summary>
    /// <param name="call">What was written.</param>
    /// <param name="language">The current language's name.</param>
    /// <param name="cell">The cell.</param>
    public async Task RunAsync(MagicCall call, string language, CellContext cell)
    {
        switch (call.Name)
        {
            case "about": cell.Display(About(), null); break;
            case "lsmagic": cell.Display(List(), null); break;
            case "who":
                string names = string.Join(' ', Variables().Select(entry => entry.Variable.Name));
                cell.Display(Bundles.Of(Bundles.PlainText, names), null);
                break;
            case "whos": cell.Display(Table(["Variable", "Type", "Value", "Language"], [.. Variables().Select(Row)]), null); break;
            case "set": await SetAsync(call, language, cell); break;
            case "share": await ShareAsync(call, language, cell); break;
        }
    }

    async Task SetAsync(MagicCall call, string language, CellContext cell)
    {
        call.RequireOptions("--name", "--value");
        string name = call.Option("--name") ?? throw call.Wrong("--name is missing; write #!set --name x --value @fsharp:y.");
        string text = call.Option("--value") ?? throw call.Wrong("--value is missing; write #!set --name x --value @fsharp:y.");
        if (text.StartsWith('@'))
        {
            string[] parts = text[1..].Split(':', 2);
            CellVariable variable = parts.Length == 2
                ? Find(call, parts[0], parts[1])
                : throw call.Wrong($"'{text}' names no variable; write @language:name, such as @fsharp:y.");
            await Target(call, language).SetAsync(name, variable.Value, variable.Type, cell);
            return;
        }
        object value = Literal(text);
        await Target(call, language).SetAsync(name, value, value.GetType(), cell);
    }

    async Task ShareAsync(MagicCall call, string language, CellContext cell)
    {
        call.RequireOptions("--from", "--as");
        string from = call.Option("--from") ?? throw call.Wrong("--from is missing; write #!share --from fsharp y.");
        if (call.Arguments is not [string name])
        {
            throw call.Wrong($"it takes the name of one variable, but {call.Arguments.Count} are given.");
        }
        CellVariable variable = Find(call, from, name);
        await Target(call, language).SetAsync(call.Option("--as") ?? name, variable.Value, variable.Type, cell);
    }

    ICellLanguage Target(MagicCall call, string language) =>
        languages(language) ?? throw call.Wrong($"{language} has no variables; put it into a C# or F# part.");

    CellVariable Find(MagicCall call, string from, string name)
    {
        ICellLanguage language = (CellParts.Languages.TryGetValue(from, out string? known) ? languages(known) : null)
            ?? throw call.Wrong($"there is no language '{from}' with variables. There are: csharp, fsharp.");
        IReadOnlyList<CellVariable> variables = language.Variables;
        return variables.FirstOrDefault(variable => variable.Name == name)
            ?? throw call.Wrong(UnknownName.Error($"{language.Name} variable", name, [.. variables.Select(variable => variable.Name)])
                .Message);
    }

    IEnumerable<(string Language, CellVariable Variable)> Variables() => stateful
        .SelectMany(name => languages(name)?.Variables.Select(variable => (name, variable)) ?? []);

    static string[] Row((string Language, CellVariable Variable) entry)
    {
        object? held = entry.Variable.Value;
        string value = (held?.ToString() ?? "null").ReplaceLineEndings(" ");
        if (held is ICollection { Count: int count } && value == held.GetType().ToString()) { value = $"{count} items"; }
        return [entry.Variable.Name, CSharpTypeName.Readable(entry.Variable.Type), value.Length > LongestValue ? value[..LongestValue] + "…" : value,
            entry.Language];
    }

    static object Literal(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : bool.TryParse(text, out bool truth) ? truth
        : text;

    static MimeBundle List() => Table(["Command", "What it does"],
    [
        .. CellParts.Languages.GroupBy(entry => entry.Value, entry => "#!" + entry.Key)
            .Select(names => new[] { string.Join(", ", names), $"The rest of the cell, up to the next one, is {names.Key}." }),
        .. commands.Select(command => new[] { "#!" + command.Name, command.Description }),
    ]);

    static MimeBundle About()
    {
        string version = typeof(MagicCommands)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return Table(["Part", "Version"],
        [
            ["DeepFM.Notebooks", version],
            ["Runtime", RuntimeInformation.FrameworkDescription],
            ["C# compiler", $"{typeof(Microsoft.CodeAnalysis.CSharp.CSharpCompilation).Assembly.GetName().Version}"],
            ["System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
                + $"{Environment.ProcessorCount} processors"],
        ]);
    }

    static MimeBundle Table(string[] columns, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. columns.Select((column, at) => rows.Select(row => row[at].Length).Append(column.Length).Max())];
        StringBuilder html = new("<table><thead><tr>"), text = new();
        foreach (string column in columns) { html.Append($"<th style=\"text-align:left\">{WebUtility.HtmlEncode(column)}</th>"); }
        html.Append("</tr></thead><tbody>");
        foreach (string[] row in rows.Prepend(columns))
        {
            text.AppendJoin("  ", row.Select((cell, at) => cell.PadRight(widths[at]))).Append('\n');
            if (row == columns) { continue; }
            html.Append("<tr>");
            foreach (string cell in row) { html.Append($"<td style=\"text-align:left\">{WebUtility.HtmlEncode(cell)}</td>"); }
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        return Bundles.Of("text/html", html.ToString(), text.ToString().TrimEnd());
    }

    static int Shared(string a, string b)
    {
        int same = 0;
        while (same < Math.Min(a.Length, b.Length) && char.ToLowerInvariant(a[same]) == char.ToLowerInvariant(b[same])) { same++; }
        return same;
    }
}
