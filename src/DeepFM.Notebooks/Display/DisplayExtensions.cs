using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace DeepFM.Notebooks.Display;

/// <summary>Showing values from cells, as in .NET Interactive.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">What to show.</param>
    /// <param name="mimeTypes">As which types; those that the value's type prefers when none is given.</param>
    /// <returns>What was shown; it can be replaced.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => DisplayedValue.Show(value, mimeTypes);

    /// <summary>Shows a text as content of a MIME type, such as text/markdown or image/svg+xml.</summary>
    /// <param name="value">The content.</param>
    /// <param name="mimeType">Its type.</param>
    /// <returns>What was shown; it can be replaced.</returns>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => DisplayedValue.ShowAs(value, mimeType);

    /// <summary>Shows a sequence as a table, a row an element.</summary>
    /// <returns>What was shown; it can be replaced.</returns>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> value, params string[] mimeTypes) =>
        DisplayedValue.Show(value.ToTabularDataResource(), mimeTypes);
}
