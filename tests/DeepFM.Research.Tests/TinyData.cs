using System.Globalization;
using DeepFM.Data;

namespace DeepFM.Research.Tests;

/// <summary>A few hundred rows whose clicks follow two fields, as files and encoded.</summary>
sealed class TinyData : IDisposable
{
    const string SchemaJson = """
        {
          "name": "tiny",
          "source": { "format": "csv", "header": true },
          "label": { "column": "click", "positive": ["1"], "negative": ["0"] },
          "fields": [{ "kind": "categorical", "columns": ["user", "item", "place"] }]
        }
        """;

    public TinyData()
    {
        File.WriteAllText(this["train.csv"], Rows(300, seed: 1));
        File.WriteAllText(this["valid.csv"], Rows(100, seed: 2));
        File.WriteAllText(this["test.csv"], Rows(100, seed: 3));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("deepfm-research-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public DataRequest Request => new()
    {
        Schema = Schema.Parse(SchemaJson),
        TrainFiles = [this["train.csv"]],
        ValidFiles = [this["valid.csv"]],
        TestFiles = [this["test.csv"]],
        Threads = 1,
    };

    public DataSplits Load() => DataLoader.Load(Request, cancel: TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static string Rows(int count, int seed, int? click = null)
    {
        Random random = new(seed);
        IEnumerable<string> lines = Enumerable.Range(0, count).Select(_ =>
        {
            int user = random.Next(7), item = random.Next(5), place = random.Next(3);
            double logit = user % 2 + (item == place ? 2 : -1);
            int drawn = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
            return string.Create(CultureInfo.InvariantCulture, $"{click ?? drawn},u{user},i{item},p{place}");
        });
        return string.Join('\n', lines.Prepend("click,user,item,place")) + "\n";
    }
}
