using System.Text.Json.Nodes;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Files;

public sealed class StaticCopyTests
{
    [Fact]
    public void ScriptsGo_AndAllElseStays()
    {
        NotebookCell cell = new(JsonNode.Parse("""
            {
              "cell_type": "code",
              "outputs": [
                { "output_type": "stream", "name": "stdout", "text": ["<script>1</script>"] },
                { "output_type": "display_data", "data": { "text/plain": ["<script>2</script>"], "text/html": ["<img src=\"a\">\n",
                  "<SCRIPT type=\"x\">\n", "if (a < b) { s = '<\\/script>'; }\n", "</script><p>b</p>\n", "<script>3</script>"] } },
                { "output_type": "display_data", "data": { "text/html": "c<script></script>d" } }
              ]
            }
            """)!.AsObject());

        cell.RemoveScripts();

        JsonArray outputs = cell.Json["outputs"]!.AsArray();
        Assert.Equal("""["<script>1</script>"]""", Plain(outputs[0]!["text"]!));
        Assert.Equal("""["<script>2</script>"]""", Plain(outputs[1]!["data"]!["text/plain"]!));
        Assert.Equal(["<img src=\"a\">\n", "<p>b</p>\n"], outputs[1]!["data"]!["text/html"]!.AsArray().Select(line => (string?)line));
        Assert.Equal(["cd"], outputs[2]!["data"]!["text/html"]!.AsArray().Select(line => (string?)line));
    }

    [Fact]
    public void ACellWithoutOutputs_StaysAsItIs()
    {
        NotebookCell cell = new(new JsonObject { ["cell_type"] = "markdown", ["source"] = "<script>1</script>" });
        cell.RemoveScripts();
        Assert.Equal("<script>1</script>", cell.Source);
    }

    static string Plain(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
