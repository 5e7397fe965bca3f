using System.Diagnostics.CodeAnalysis;
using DeepFM.Notebooks.Execution;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeepFM.Notebooks.Display;

/// <summary>What cells call without naming a type. The names are those of .NET Interactive, so that notebooks run in both.</summary>
public static class Kernel
{
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">What to show.</param>
    /// <param name="mimeTypes">As which types; those that the value's type prefers when none is given.</param>
    /// <returns>What was shown; it can be replaced.</returns>
    [SuppressMessage("Style", "IDE1006", Justification = "The name is .NET Interactive's.")]
    public static DisplayedValue display(object? value, params string[] mimeTypes) => DisplayedValue.Show(value, mimeTypes);

    /// <summary>Text that is HTML already.</summary>
    public static IHtmlContent HTML(string content) => content.ToHtmlContent();

    /// <summary>Runs a script in the page, where it may run scripts.</summary>
    public static void Javascript(string scriptContent) =>
        DisplayedValue.Show(Bundles.Of("text/html", $"<script type=\"text/javascript\">{scriptContent}</script>", "(a script)"), []);

    /// <summary>Adds a style sheet to the page.</summary>
    public static void CSS(string content) =>
        DisplayedValue.Show(Bundles.Of("text/html", $"<style>{content}</style>", "(a style sheet)"), []);

    /// <summary>Asks the user for a line.</summary>
    /// <param name="prompt">What the user reads before the field.</param>
    /// <param name="inputName">Not used; .NET Interactive has it.</param>
    public static Task<string> GetInputAsync(string prompt = "", string inputName = "") => ReadAsync(prompt, password: false);

    /// <summary>Asks the user for a line that is not shown.</summary>
    /// <param name="prompt">What the user reads before the field.</param>
    /// <param name="inputName">Not used; .NET Interactive has it.</param>
    public static Task<string> GetPasswordAsync(string prompt = "", string inputName = "") => ReadAsync(prompt, password: true);

    static Task<string> ReadAsync(string prompt, bool password) => CellContext.Current is { } cell
        ? cell.ReadLineAsync(prompt, password)
        : throw new InvalidOperationException("Only a running cell can ask for input.");
}
