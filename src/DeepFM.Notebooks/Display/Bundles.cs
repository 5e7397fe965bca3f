using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Execution;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeepFM.Notebooks.Display;

/// <summary>Turns values into what a notebook shows, by the registered formatters.</summary>
static class Bundles
{
    /// <summary>The MIME type that is in every bundle.</summary>
    public const string PlainText = "text/plain";

    /// <summary>A value in these MIME types, or in those that its type prefers; always with text/plain beside them.</summary>
    /// <remarks>A formatter that throws costs the picture, not the cell: the value is then shown as text, with the reason.</remarks>
    public static MimeBundle Of(object? value, params IReadOnlyList<string> mimeTypes)
    {
        if (value is MimeBundle ready) { return WithPlainText(ready); }
        Dictionary<string, object> data = [];
        try
        {
            if (value is Array) { ValueViews.RegisterArray(value.GetType()); }
            IEnumerable<string> types = mimeTypes.Count > 0 ? mimeTypes
                : Formatter.GetPreferredMimeTypesFor(value?.GetType() ?? typeof(object));
            foreach (string type in types) { data[type] = Content(type, Shown(value, type)); }
            if (!data.ContainsKey(PlainText)) { data[PlainText] = Shown(value, PlainText); }
        }
        catch (Exception failed)
        {
            data = new() { [PlainText] = $"{Text(value)}\n(its formatter failed: {failed.GetType().Name}: {failed.Message})" };
        }
        return new(data);
    }

    /// <summary>Text under one MIME type.</summary>
    public static MimeBundle Of(string mimeType, string content, string? plain = null) =>
        new(new Dictionary<string, object> { [mimeType] = Content(mimeType, content), [PlainText] = plain ?? content });

    static string Shown(object? value, string mimeType)
    {
        string text = value.ToDisplayString(mimeType);
        return mimeType is "text/html" or PlainText && value is not (string or IHtmlContent) ? ValueViews.Mended(text) : text;
    }

    static MimeBundle WithPlainText(MimeBundle bundle) => bundle.Data.ContainsKey(PlainText)
        ? bundle
        : bundle with { Data = new Dictionary<string, object>(bundle.Data) { [PlainText] = bundle.Data.Keys.FirstOrDefault() ?? "" } };

    // Front ends want JSON as JSON, not as a text of it.
    static object Content(string mimeType, string content)
    {
        if (mimeType != "application/json" && !mimeType.EndsWith("+json", StringComparison.Ordinal)) { return content; }
        try { return JsonNode.Parse(content) ?? (object)content; }
        catch (JsonException) { return content; }
    }

    static string Text(object? value)
    {
        try { return value?.ToString() ?? ""; }
        catch (Exception) { return value!.GetType().ToString(); }
    }
}
