using System.Globalization;
using DeepFM.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace DeepFM.Benchmarks.Peers;

/// <summary>Training of ML.NET's field-aware factorization machine; it runs on one thread.</summary>
sealed class FieldAwareFm : IContender
{
    readonly MLContext context = new(seed: 1);
    readonly IDataView rows;
    readonly FieldAwareFactorizationMachineTrainer.Options options;
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("deepfm-peers-");

    /// <param name="data">One id a field.</param>
    /// <param name="embeddingSize">Numbers that an id has for each other field.</param>
    /// <param name="passes">Over the rows, in one step.</param>
    public FieldAwareFm(EncodedData data, int embeddingSize, int passes)
    {
        string file = Path.Combine(folder.FullName, "rows.tsv");
        File.WriteAllLines(file, Enumerable.Range(0, data.RowCount).Select(row => Line(data, row)));
        string[] names = [.. data.Fields.Select(field => field.Name)];
        TextLoader loader = context.Data.CreateTextLoader(
        [
            new("Label", DataKind.Boolean, 0),
            .. data.Fields.Select((field, f) =>
                new TextLoader.Column(field.Name, DataKind.UInt32, [new(f + 1)], new KeyCount((ulong)field.IdCount))),
        ]);
        IDataView text = loader.Load(file);
        InputOutputColumnPair[] oneHot = [.. names.Select(name => new InputOutputColumnPair(name))];
        rows = context.Data.Cache(context.Transforms.Conversion.MapKeyToVector(oneHot).Fit(text).Transform(text));
        options = new()
        {
            FeatureColumnName = names[0],
            ExtraFeatureColumns = names[1..],
            LatentDimension = embeddingSize,
            NumberOfIterations = passes,
            Shuffle = false,
        };
        WorkOfStep = (double)data.RowCount * passes;
    }

    public string Name => "ML.NET field-aware factorization machine";

    public double WorkOfStep { get; }

    public void Step(int step) => context.BinaryClassification.Trainers.FieldAwareFactorizationMachine(options).Fit(rows);

    public void Dispose() => folder.Delete(recursive: true);

    static string Line(EncodedData data, int row) => string.Join('\t',
        data.Ids(row).ToArray().Select((id, f) => id - data.Fields[f].FirstId).Prepend((int)data.Labels[row])
            .Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
