using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Data.Schemas;

namespace DeepFM.Notebooks.Files;

/// <summary>A notebook file, nbformat 4. The order of its members stays, and so does what this kit does not know.</summary>
/// <remarks>The format: https://nbformat.readthedocs.io.</remarks>
public sealed class Notebook
{
    // As Jupyter writes it: one blank a level, letters of all languages as they are.
    static readonly JsonWriterOptions writing = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
    };

    readonly JsonObject root;
    readonly JsonArray cells;

    Notebook(JsonObject root, JsonArray cells) => (this.root, this.cells) = (root, cells);

    /// <summary>The cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells => [.. cells.Select(cell => new NotebookCell((JsonObject)cell!))];

    /// <summary>The language of its kernel, such as "C#"; null when the file does not say.</summary>
    public string? Language =>
        (string?)root["metadata"]?["kernelspec"]?["language"] ?? (string?)root["metadata"]?["language_info"]?["name"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It is missing, or is no notebook of format 4.</exception>
    public static Notebook Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such notebook. "
                + $"Check the path; relative ones start at {Environment.CurrentDirectory}.");
        }
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a notebook from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="UserErrorException">It is no notebook of format 4.</exception>
    public static Notebook Parse(string json, string name)
    {
        using JsonDocument document = JsonText.Parse(json, name, "Take the file as Jupyter saved it.", new() { MaxDepth = 256 });
        Check(StrictObject.Of(document, name, "a notebook"), name);
        JsonObject root = JsonObject.Create(document.RootElement.Clone())!;
        return new(root, (JsonArray)root["cells"]!);
    }

    // All that is read of a notebook later is of its kind; what is not read may be anything.
    static void Check(StrictObject notebook, string name)
    {
        if (notebook.Integer("nbformat", 0, 0, int.MaxValue) is not 4 and int version)
        {
            throw new UserErrorException($"{name} {(notebook.Has("nbformat") ? $"has nbformat {version}" : "has no nbformat")}; "
                + "only 4 is read. Open it in Jupyter and save it again.");
        }
        if (notebook.OptionalObject("metadata") is { } metadata)
        {
            metadata.OptionalObject("kernelspec")?.OptionalText("language");
            metadata.OptionalObject("language_info")?.OptionalText("name");
        }
        if (!notebook.Has("cells")) { throw notebook.Missing("cells"); }
        foreach (StrictObject cell in notebook.Objects("cells"))
        {
            _ = cell.Text("cell_type");
            cell.Choice("cell_type", "", "code", "markdown", "raw");
            cell.OptionalTexts("source");
            cell.OptionalObject("metadata")?.OptionalTexts("tags");
            foreach (StrictObject output in cell.Objects("outputs")) { output.OptionalObject("data")?.OptionalTexts(NotebookCell.Html); }
        }
    }

    /// <summary>Puts a cell in.</summary>
    /// <param name="index">Where it then stands, 0-based.</param>
    /// <param name="cell">A cell that is in no notebook yet.</param>
    public void Insert(int index, NotebookCell cell) => cells.Insert(index, cell.Json);

    /// <summary>Takes a cell out.</summary>
    public void RemoveAt(int index) => cells.RemoveAt(index);

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, writing)) { root.WriteTo(writer); }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => Training.JsonFiles.WriteText(path, ToJson());
}
