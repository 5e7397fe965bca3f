using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.FSharp.Core;
using Microsoft.FSharp.Reflection;

namespace DeepFM.Notebooks.Display;

/// <summary>Values that the formatting library shows badly. Formatters of a user's own come before these.</summary>
static partial class ValueViews
{
    static readonly FSharpFunc<object, string> structured = PrintfModule.PrintFormatToStringThen(
        new PrintfFormat<FSharpFunc<object, string>, Unit, string, string, object>("%A"));

    /// <summary>Registers the formatters of types that are known.</summary>
    public static void Register()
    {
        foreach (Type type in new[] { typeof(Task), typeof(ValueTask), typeof(ValueTask<>) }) { Register(type, NotAwaited, Span); }
        foreach (Type type in new[] { typeof(FSharpOption<>), typeof(FSharpValueOption<>), typeof(FSharpResult<,>) })
        {
            Register(type, structured.Invoke, null);
        }
    }

    /// <summary>Registers the formatter of an array's type, when it has more than one dimension.</summary>
    public static void RegisterArray(Type type)
    {
        if (type.IsArray && type.GetArrayRank() > 1) { Register(type, array => Rows((Array)array, [], "  "), array => Table((Array)array)); }
    }

    /// <summary>Registers formatters of the unions among a cell's types: their text begins with the case.</summary>
    public static void RegisterUnions(IEnumerable<Type> types)
    {
        foreach (Type type in types.Where(type => type.IsDefined(typeof(CompilationMappingAttribute), inherit: false)
            && FSharpType.IsUnion(type, null) && (type.DeclaringType is not { } outer || !FSharpType.IsUnion(outer, null))))
        {
            Register(type, structured.Invoke, null);
        }
    }

    /// <summary>
    /// The library's text or HTML, with the names of cells' types as their cells write them, and triangles where nested values open: the
    /// page of Notebook 6 takes them away.
    /// </summary>
    public static string Mended(string shown) => CellType().Replace(shown, "")
        .Replace("<summary>", "<summary style=\"display:list-item\">", StringComparison.Ordinal);

    // Unless the user has registered one.
    static void Register(Type type, Func<object, string> text, Func<object, string>? html)
    {
        HashSet<string> taken = [.. Formatter.RegisteredFormatters(false).Where(known => known.Type == type).Select(known => known.MimeType)];
        if (!taken.Contains(Bundles.PlainText)) { Formatter.Register(type, (value, writer) => writer.Write(text(value)), Bundles.PlainText); }
        if (html is null || taken.Contains("text/html")) { return; }
        Formatter.Register(type, (value, writer) => writer.Write(html(value)), "text/html");
    }

    // What a task's state machine holds is nothing that its user asked for.
    static string NotAwaited(object value)
    {
        Task task = value as Task ?? (Task)value.GetType().GetMethod(nameof(ValueTask.AsTask))!.Invoke(value, null)!;
        return $"(a task that was not awaited; its status is {task.Status})";
    }

    static string Span(object value) => $"<span>{WebUtility.HtmlEncode(NotAwaited(value))}</span>";

    // "[ [ 1, 2 ],\n  [ 3, 4 ] ]"; of each dimension as many as of a list.
    static string Rows(Array array, int[] at, string indent)
    {
        if (at.Length == array.Rank) { return array.GetValue(at).ToDisplayString(Bundles.PlainText); }
        string between = at.Length < array.Rank - 1 ? ",\n" + indent : ", ";
        return $"[ {string.Join(between, Indices(array, at.Length).Select(i => Rows(array, [.. at, i], indent + "  "))
            .Concat(Cut(array, at.Length) ? ["…"] : []))} ]";
    }

    static string Table(Array array)
    {
        if (array.Rank > 2) { return $"<pre>{WebUtility.HtmlEncode(Rows(array, [], "  "))}</pre>"; }
        string more = Cut(array, 1) ? "<th>…</th>" : "";
        StringBuilder html = new("<table><thead><tr><th></th>");
        foreach (int column in Indices(array, 1)) { html.Append($"<th>{column}</th>"); }
        html.Append($"{more}</tr></thead><tbody>");
        foreach (int row in Indices(array, 0))
        {
            html.Append($"<tr><th>{row}</th>");
            foreach (int column in Indices(array, 1))
            {
                html.Append($"<td>{WebUtility.HtmlEncode(array.GetValue(row, column).ToDisplayString(Bundles.PlainText))}</td>");
            }
            html.Append("</tr>");
        }
        if (Cut(array, 0)) { html.Append("<tr><th>…</th></tr>"); }
        return html.Append("</tbody></table>").ToString();
    }

    static IEnumerable<int> Indices(Array array, int dimension) =>
        Enumerable.Range(array.GetLowerBound(dimension), Math.Min(array.GetLength(dimension), Formatter.ListExpansionLimit));

    static bool Cut(Array array, int dimension) => array.GetLength(dimension) > Formatter.ListExpansionLimit;

    // As C# and F# name what is nested in a cell's own class; the plus sign also as HTML writes it.
    [GeneratedRegex(@"\b(Submission#\d+|FSI_\d{4,})(\+|&#x2B;|&#43;)")]
    private static partial Regex CellType();
}
