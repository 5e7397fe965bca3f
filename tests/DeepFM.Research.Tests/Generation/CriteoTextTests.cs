using DeepFM.Data;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>Generated rows in the form of the Criteo data: their form, their shares, and labels that can be learned.</summary>
public sealed class CriteoTextTests : IDisposable
{
    const int B = 20_011;
    const double Deviations = 5;
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_HaveTheRealFilesMissingShares_InGroups()
    {
        string[][] rows = Rows();
        Assert.All(rows, row => Assert.Equal(40, row.Length));
        (int Column, double Missing)[] some =
            [(1, 0.45), (2, 0), (4, 0.22), (12, 0.77), (14, 0), (16, 0.034), (19, 0.12), (32, 0.44), (35, 0.76)];
        foreach ((int column, double missing) in some)
        {
            Assert.Equal(missing, rows.Count(row => row[column].Length == 0) / (double)B,
                Deviations * Math.Sqrt(missing * (1 - missing) / B));
        }
        // I1 and I10; I7, I9 and I11; C3, C4, C12, C16, C21 and C24; C19, C20, C25 and C26.
        foreach (int[] group in new int[][] { [1, 10], [4, 13], [7, 9, 11], [16, 17, 25, 29, 34, 37], [32, 33, 38, 39] })
        {
            Assert.All(rows, row => Assert.Single(group.Select(column => row[column].Length == 0).Distinct()));
        }
        Assert.All(rows.SelectMany(row => row[14..]).Where(cell => cell.Length > 0), cell => Assert.Matches("^[0-9a-f]{8}$", cell));
        Assert.All(rows.SelectMany(row => row[1..14]).Where(cell => cell.Length > 0), cell => Assert.True(int.Parse(cell) >= 0));
    }

    [Fact]
    public void SmallColumns_HaveTheRealFilesNumbersOfIds()
    {
        string[][] rows = Rows();
        // C9, C17, C20, C22, C23 and C14: so few that 20,011 rows show all; ⌊u⁴·size⌋ gives the rarest 1 − (1 − 1/size)^¼ of the rows.
        foreach ((int column, int values) in new[] { (22, 3), (30, 10), (33, 4), (35, 18), (36, 15), (27, 27) })
        {
            Assert.Equal(values, rows.Select(row => row[column]).Where(cell => cell.Length > 0).Distinct().Count());
        }
        Assert.True(rows.Select(row => row[16]).Distinct().Count() > 10_000);
    }

    [Fact]
    public void Labels_AreOneForAQuarter_AndDependOnTheRow()
    {
        string[][] rows = Rows();
        Assert.Equal(0.256, ClickRate(rows), 0.02);

        // I5, with a plus, has values from 0 to millions: its upper half has more clicks; I2, with a minus, fewer.
        foreach ((int column, int sign) in new[] { (5, 1), (2, -1) })
        {
            string[][] sorted = [.. rows.Where(row => row[column].Length > 0).OrderBy(row => int.Parse(row[column]))];
            int half = sorted.Length / 2;
            double low = ClickRate(sorted[..half]), high = ClickRate(sorted[half..]);
            Assert.True(sign * (high - low) > Deviations * Math.Sqrt((low * (1 - low) + high * (1 - high)) / half));
        }
    }

    [Fact]
    public void Bytes_DoNotDependOnThreads_ButOnTheSeed()
    {
        CriteoText.Write(folder["one.tsv"], 5_003, threads: 1);
        byte[] one = File.ReadAllBytes(folder["one.tsv"]);
        Assert.Equal(one.Length, CriteoText.Write(folder["three.tsv"], 5_003, threads: 3));
        Assert.Equal(one, File.ReadAllBytes(folder["three.tsv"]));
        CriteoText.Write(folder["other.tsv"], 5_003, seed: 2);
        Assert.NotEqual(one, File.ReadAllBytes(folder["other.tsv"]));
    }

    [Fact]
    public void Schema_ReadsTheRows()
    {
        CriteoText.Write(folder["rows.tsv"], B);
        using DataSplits rows = DataLoader.Load(new() { Schema = CriteoText.Schema, TrainFiles = [folder["rows.tsv"]] });
        Assert.Equal((B, 39), (rows.Train.RowCount, rows.Train.FieldCount));
    }

    [Fact]
    public void SchemaOfCopies_GivesTheSameIds_WhenTheFileIsGivenAsOften()
    {
        string file = folder["rows.tsv"];
        CriteoText.Write(file, B);
        using DataSplits once = DataLoader.Load(new() { Schema = CriteoText.Schema, TrainFiles = [file] }),
            thrice = DataLoader.Load(new() { Schema = CriteoText.SchemaOf(copies: 3), TrainFiles = [file, file, file] });

        Assert.Equal(3 * B, thrice.Train.RowCount);
        Assert.Equal(once.Train.FeatureCount, thrice.Train.FeatureCount);
        Assert.Equal(once.Train.Ids(B - 1).ToArray(), thrice.Train.Ids(3 * B - 1).ToArray());
    }

    static double ClickRate(string[][] rows) => rows.Average(row => row[0] == "1" ? 1.0 : 0);

    string[][] Rows()
    {
        CriteoText.Write(folder["rows.tsv"], B);
        return [.. File.ReadLines(folder["rows.tsv"]).Select(line => line.Split('\t'))];
    }
}
