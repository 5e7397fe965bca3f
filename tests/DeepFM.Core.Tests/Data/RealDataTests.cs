namespace DeepFM.Core.Tests.Data;

public class RealDataTests
{
    [Fact]
    public void Frappe_HasTheFiguresOfItsReadme()
    {
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = RealData.Schema("frappe"),
            TrainFiles = [RealData.File("frappe/frappe.train.rebuilt.libfm.gz")],
            ValidFiles = [RealData.File("frappe/frappe.validation.libfm.gz")],
            TestFiles = [RealData.File("frappe/frappe.test.libfm.gz")],
        });

        Assert.Equal((202_027, 57_722, 28_860), (data.Train.RowCount, data.Valid!.RowCount, data.Test!.RowCount));
        Assert.Equal(67_604, data.Train.Labels.ToArray().Sum(label => (double)label));
        Assert.Equal(10, data.Features.Fields.Count);
        Assert.Equal(5_379 + 10, data.Features.FeatureCount);           // 3 of 5,382 ids are not in training; 10 ids for unseen
        Assert.Equal(data.Features.Fields.Select(field => field.FirstId), data.Features.UntrainedIds);
        Assert.Equal("given files", data.SplitDescription);
    }

    [Fact]
    public void Adult_ReadsMissingValuesAndTheDotsOfTheTestLabels()
    {
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = RealData.Schema("adult"),
            TrainFiles = [RealData.File("adult/adult.data.gz")],
            TestFiles = [RealData.File("adult/adult.test.gz")],
            Split = Split.Parse("random:0.9,0.1"),
        });

        Assert.Equal(32_561, data.Train.RowCount + data.Valid!.RowCount);
        Assert.Equal(16_281, data.Test!.RowCount);
        Assert.Equal(7_841, data.Train.Labels.ToArray().Concat(data.Valid.Labels.ToArray()).Sum(label => (double)label));
        Assert.Equal(3_846, data.Test.Labels.ToArray().Sum(label => (double)label));
        Assert.Equal("random 90/10 %, seed 1 (training, validation); test as given", data.SplitDescription);

        DataDescription description = DataLoader.Describe(RealData.Schema("adult"), [RealData.File("adult/adult.data.gz")]);
        Assert.Equal(1_836 / 32_561.0, description.Fields[0].MissingShare);            // workclass '?'
        Assert.Equal("Private", description.Fields[0].TopValues[0].Value);
        Assert.Equal(0.2408, description.PositiveRate, tolerance: 1e-4);
    }

    [Fact]
    public void MovieLens_JoinsItsTablesAndSplitsByTime()
    {
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = RealData.Schema("movielens"),
            TrainFiles = [RealData.File("movielens_100k/u.data.gz")],
            Split = Split.Parse("time:0.8,0.1,0.1"),
        });

        Assert.Equal(100_000, data.Train.RowCount + data.Valid!.RowCount + data.Test!.RowCount);
        Assert.InRange(data.Train.RowCount, 80_000, 80_100);
        Assert.Equal(55_375, new[] { data.Train, data.Valid, data.Test }.Sum(part => part.Labels.ToArray().Sum(label => (double)label)));
        EncodedField genres = Assert.Single(data.Features.Fields, field => field.Shape == FieldShape.Bag);
        Assert.Contains(Enumerable.Range(genres.FirstId, genres.IdCount), id => data.Features.Describe(id).Value == "Film-Noir");
        for (int row = 0; row < data.Test.RowCount; row++)
        {
            Assert.Equal(1, data.Test.BagWeights(row).ToArray().Sum(weight => (double)weight), tolerance: 1e-6);
        }
    }

    [Fact]
    public void Criteo_ReadsWithAndWithoutLabels()
    {
        Schema schema = RealData.Schema("criteo");
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = schema,
            TrainFiles = [RealData.File("criteo_10k/sample.train.tsv.gz")],
            Split = Split.Parse("random:0.8,0.1,0.1"),
        });

        Assert.Equal(10_000, data.Train.RowCount + data.Valid!.RowCount + data.Test!.RowCount);
        Assert.Equal(39, data.Train.FieldCount);
        Assert.Equal(10_000, data.Features.Read([RealData.File("criteo_10k/sample.test.unlabelled.tsv.gz")], readLabels: false)
            .Sum(chunk => { using (chunk) { return chunk.RowCount; } }));
        Assert.Equal(2_182, data.Features.Read([RealData.File("criteo_10k/sample.train.tsv.gz")])
            .Sum(chunk => { using (chunk) { return chunk.Labels.ToArray().Sum(label => (double)label); } }));
    }
}
