using System.Globalization;

namespace DeepFM.Core.Tests.Data;

/// <summary>Small files with a field of each shape: field0 and field2 have ids, field1 is a number, field3 a bag.</summary>
sealed class MixedFiles : IDisposable
{
    readonly TempFolder folder = new();

    public MixedFiles()
    {
        folder.Write("train.csv", Rows(140, seed: 1));
        folder.Write("valid.csv", Rows(77, seed: 2));
        folder.Write("test.csv", Rows(131, seed: 3));
    }

    public string this[string name] => folder[name];

    public DataSplits Load() => DataLoader.Load(new()
    {
        Schema = Small.Schema(""" "format": "csv", "header": true """, """
            { "kind": "categorical", "column": "field0", "minCount": 1 }, { "kind": "value", "column": "field1" },
            { "kind": "categorical", "column": "field2", "minCount": 2 },
            { "kind": "multiValued", "column": "field3", "separator": "|", "minCount": 1 }
            """),
        TrainFiles = [this["train.csv"]],
        ValidFiles = [this["valid.csv"]],
        TestFiles = [this["test.csv"]],
    });

    public void Dispose() => folder.Dispose();

    static string Rows(int count, int seed)
    {
        Random random = new(seed);
        IEnumerable<string> lines = Enumerable.Range(0, count).Select(_ =>
        {
            int a = random.Next(9), b = random.Next(14);
            string bag = string.Join('|', Enumerable.Range(0, random.Next(4)).Select(_ => $"t{random.Next(6)}"));
            int click = random.NextDouble() < (a % 2 == 0 ? 0.3 : 0.6) + b % 3 * 0.15 ? 1 : 0;
            return string.Create(CultureInfo.InvariantCulture, $"{click},a{a},{2 * random.NextDouble() - 1:0.###},b{b},{bag}");
        });
        return string.Join('\n', lines.Prepend("y,field0,field1,field2,field3")) + "\n";
    }
}
