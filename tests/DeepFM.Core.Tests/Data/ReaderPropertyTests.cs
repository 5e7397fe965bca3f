using DeepFM.Core.Tests.Data.Naive;

namespace DeepFM.Core.Tests.Data;

/// <summary>Random files of every format, with everything that a schema allows, encode as a naive reader has them, cell by cell.</summary>
public class ReaderPropertyTests
{
    [Fact]
    public void CsvReadsAsTheNaiveReaderHasIt() => Check((random, byTime) => RandomFiles.Csv(random, byTime), canSplitByTime: true);

    [Fact]
    public void LibFmReadsAsTheNaiveReaderHasIt() => Check((random, _) => RandomFiles.LibFm(random), canSplitByTime: false);

    [Fact]
    public void LibFfmReadsAsTheNaiveReaderHasIt() => Check((random, _) => RandomFiles.LibFfm(random), canSplitByTime: false);

    static void Check(Func<Random, bool, RandomFiles> create, bool canSplitByTime) => Gen.Int.Sample(seed =>
    {
        Random random = new(seed);
        int rows = (int)Math.Exp(random.NextDouble() * Math.Log(3_000));
        bool isSplit = rows >= 100 && random.Next(2) == 0, byTime = isSplit && canSplitByTime && random.Next(2) == 0;
        RandomFiles files = create(random, byTime);
        using TempFolder folder = new();
        if (files.Table is { } table) { folder.Write("users.csv", table); }
        List<Dictionary<string, string>> written = [];
        string[] train = Write("train", rows), test = isSplit ? [] : Write("test", random.Next(1, 40));
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = files.Schema,
            TrainFiles = train,
            TestFiles = test,
            Split = isSplit ? Split.Parse((byTime ? "time" : "random") + ":0.5,0.25,0.25") : null,
            Threads = random.Next(1, 5),
            BlockBytes = random.Next(3) == 0 ? random.Next(1, 200) : random.Next(200, 100_000),
            EncodedFolder = random.Next(3) == 0 ? folder["encoded"] : null,
        });

        EncodedData[] parts = [.. new[] { data.Train, data.Valid, data.Test }.OfType<EncodedData>()];
        int[][] numbers = [.. parts.Select(part => Enumerable.Range(0, part.RowCount).Select(row => NumberOf(part, row)).ToArray())];
        Assert.All(numbers, part => Assert.Equal(part.Order(), part));
        Assert.Equal(Enumerable.Range(0, written.Count), numbers.SelectMany(part => part).Order());
        if (byTime)
        {
            long[][] times = [.. numbers.Select(part => part.Select(number => long.Parse(written[number][RandomFiles.Time])).ToArray())];
            Assert.True(times[0].Max() < times[1].Min() && times[1].Max() < times[2].Min());
        }

        foreach (int number in numbers[0])
        {
            foreach (NaiveField field in files.Fields) { field.Count(written[number]); }
        }
        for (int part = 0; part < parts.Length; part++)
        {
            for (int row = 0; row < parts[part].RowCount; row++)
            {
                Dictionary<string, string> cells = written[numbers[part][row]];
                Assert.Equal(NaiveRows.Expect(files.Fields, cells, cells[files.LabelColumn] == "1" ? 1 : 0),
                    NaiveRows.Describe(parts[part], data.Features, row));
            }
        }

        // Writes so many rows to one to three files, packed or not, and keeps what the naive reader makes of them.
        string[] Write(string name, int count)
        {
            List<string> paths = [];
            for (int left = count; left > 0;)
            {
                int rowsOfFile = paths.Count == 2 ? left : random.Next(1, left + 1);
                string text = files.Write(written.Count, rowsOfFile);
                written.AddRange(files.Read(text));
                byte[] bytes = [.. files.Encoding.GetPreamble(), .. files.Encoding.GetBytes(text)];
                paths.Add(folder.Write($"{name}{paths.Count}", random.Next(3) == 0 ? TempFolder.Gzip(bytes) : bytes));
                left -= rowsOfFile;
            }
            return [.. paths];
        }
    }, iter: 100, threads: 1);

    /// <summary>The number that a row was written with: the first field's value, or the weight of its first entry.</summary>
    static int NumberOf(EncodedData data, int row) =>
        (int)(data.Fields[0].Shape == FieldShape.Value ? data.Values(row)[0] : data.BagWeights(row)[0]);
}
