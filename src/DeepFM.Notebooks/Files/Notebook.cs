using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

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
        JsonNode? root;
        try { root = JsonNode.Parse(json, documentOptions: new() { MaxDepth = 256 }); }
        catch (JsonException wrong)
        {
            throw new UserErrorException($"{name}, line {wrong.LineNumber + 1}: this is no JSON, so no notebook. "
                + "Take the file as Jupyter saved it.", wrong);
        }
        if (root is not JsonObject notebook || notebook["cells"] is not JsonArray cells || cells.Any(cell => cell is not JsonObject))
        {
            throw new UserErrorException($"{name}: this is no notebook of format 4: it has no list 'cells'. "
                + "Open it in Jupyter and save it again.");
        }
        int version = notebook["nbformat"] is JsonValue value && value.TryGetValue(out int number) ? number : 0;
        return version == 4
            ? new(notebook, cells)
            : throw new UserErrorException($"{name} has nbformat {version}; only 4 is read. Open it in Jupyter and save it again.");
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
