namespace DeepFM.Core.Tests.Data;

/// <summary>Short ways to schemas and loads of data that a test writes itself.</summary>
static class Small
{
    /// <summary>A schema of the given source (without braces) and fields (without brackets); label y, 1 or 0.</summary>
    public static Schema Schema(string source, string fields, string more = "") => DeepFM.Data.Schema.Parse(
        $$"""
        { "name": "small", "source": { {{source}} }, "label": { "column": "y", "positive": "1", "negative": "0" }, {{more}}
          "fields": [ {{fields}} ] }
        """);

    /// <summary>A CSV without header with the columns y and x, and one field of x.</summary>
    public static Schema OfX(string field, string source = """ "format": "csv", "columns": ["y", "x"] """) =>
        Schema(source, $$"""{ "column": "x", {{field}} }""");

    public static DataSplits Load(Schema schema, params string[] trainFiles) =>
        DataLoader.Load(new() { Schema = schema, TrainFiles = trainFiles });

    /// <summary>
    /// Loads one training file of the given text and returns its rows as <see cref="Rows.Describe(EncodedData, FeatureMap)"/> does.
    /// </summary>
    public static string[] Encode(Schema schema, string text)
    {
        using TempFolder folder = new();
        using DataSplits data = Load(schema, folder.Write("train.txt", text));
        return Rows.Describe(data.Train, data.Features);
    }

    /// <summary>Fits on one text, then encodes another.</summary>
    public static string[] Encode(Schema schema, string trainText, string testText)
    {
        using TempFolder folder = new();
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = schema,
            TrainFiles = [folder.Write("train.txt", trainText)],
            TestFiles = [folder.Write("test.txt", testText)],
        });
        return Rows.Describe(data.Test!, data.Features);
    }

    /// <summary>The message of the error that loading a text gives, without the folder.</summary>
    public static string Message(Schema schema, string text)
    {
        using TempFolder folder = new();
        string file = folder.Write("train.txt", text);
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => { using DataSplits data = Load(schema, file); });
        return wrong.Message.Replace(folder[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
