using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Display;

/// <summary>Something that a cell has shown, and that can be replaced by something else.</summary>
public sealed class DisplayedValue
{
    readonly string displayId;
    readonly IReadOnlyList<string> asked;
    readonly bool content;
    readonly CellContext? shownBy;

    DisplayedValue(CellContext? cell, string displayId, IReadOnlyList<string> asked, bool content, MimeBundle bundle)
    {
        (shownBy, this.displayId, this.asked, this.content) = (cell, displayId, asked, content);
        MimeTypes = [.. bundle.Data.Keys];
    }

    /// <summary>The MIME types that were shown.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; }

    /// <summary>Replaces it, in every place where it is shown.</summary>
    public void Update(object? updatedValue)
    {
        shownBy?.Session.Lose(shownBy);
        MimeBundle bundle = content ? Bundles.Of(asked[0], updatedValue?.ToString() ?? "") : Bundles.Of(updatedValue, asked);
        if ((CellContext.Current ?? shownBy) is { } cell) { cell.UpdateDisplay(bundle, displayId); }
        else { Console.WriteLine(bundle.Data[Bundles.PlainText]); }
    }

    /// <summary>Shows a value; outside a cell its text goes to the console.</summary>
    internal static DisplayedValue Show(object? value, IReadOnlyList<string> mimeTypes) =>
        Show(Bundles.Of(value, mimeTypes), mimeTypes, content: false);

    /// <summary>Shows a text as content of a type.</summary>
    internal static DisplayedValue ShowAs(string text, string mimeType) =>
        Show(Bundles.Of(mimeType, text), [mimeType], content: true);

    static DisplayedValue Show(MimeBundle bundle, IReadOnlyList<string> asked, bool content)
    {
        string id = Guid.NewGuid().ToString("N");
        CellContext? cell = CellContext.Current;
        if (cell is not null) { cell.Display(bundle, id); }
        else { Console.WriteLine(bundle.Data[Bundles.PlainText]); }
        return new(cell, id, asked, content, bundle);
    }
}
