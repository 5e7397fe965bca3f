using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Magics;

/// <summary>Parts that are not run here but shown by the page.</summary>
static class PageParts
{
    /// <summary>Shows HTML, a script, Markdown or a Mermaid diagram. None needs a network.</summary>
    public static void Show(CodePart part, CellContext cell)
    {
        string text = part.Code.Trim('\n');
        cell.Display(part.Language switch
        {
            "html" => Bundles.Of("text/html", text),
            "javascript" => Bundles.Of("text/html", $"<script type=\"text/javascript\">{text}</script>", text),
            "mermaid" => Mermaid(text),
            _ => Bundles.Of("text/markdown", text),
        }, null);
    }

    // JupyterLab draws text/vnd.mermaid itself; others show the source.
    static MimeBundle Mermaid(string text) => new(new Dictionary<string, object>
    {
        ["text/vnd.mermaid"] = text,
        [Bundles.PlainText] = text,
    });
}
