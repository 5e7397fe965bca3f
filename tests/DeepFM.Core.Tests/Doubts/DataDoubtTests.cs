using DeepFM.Core.Tests.Data;
using DeepFM.Data;

namespace DeepFM.Core.Tests.Doubts;

public class DataDoubtTests
{
    static readonly Schema categorical = Small.OfX(""" "kind": "categorical" """), number = Small.OfX(""" "kind": "value", "standardize": false """);

    [Fact]
    public void APartOfOneClass_IsSaid()
    {
        Assert.Equal(
            ["All 40 test rows are negative: AUC is not defined on them, and log loss is best for a model that always says 0. Give test rows of "
                + "both classes."],
            Doubt.OfFiles(categorical, Doubt.Rows(40, 40), test: Doubt.Rows(40, 0)));
        Assert.StartsWith("All 50 validation rows are positive: ", Assert.Single(
            Doubt.OfFiles(categorical, Doubt.Rows(40, 40), valid: Doubt.Rows(0, 50))), StringComparison.Ordinal);
    }

    [Fact]
    public void AFieldWhoseValuesAreAllRare_IsSaid()
    {
        Assert.Equal(
            ["All 80 values of field 'x' occur less than 2 times in training and share one id, so the field says nothing. Lower its \"minCount\" "
                + "in the schema, or leave the field out."],
            Doubt.OfFiles(categorical, Doubt.Rows(40, 40, row => $"v{row}")));
        Assert.Empty(Doubt.OfFiles(categorical, Doubt.Rows(40, 40, row => $"v{Math.Max(1, row)}")));
    }

    [Fact]
    public void AFieldThatIsAllMissing_IsSaid() => Assert.Equal(
        ["Field 'x' is missing in all 80 training rows, so it says nothing. Check its column in the schema, and the texts under \"missing\"."],
        Doubt.OfFiles(categorical, Doubt.Rows(40, 40, _ => "")));

    [Fact]
    public void AFieldWhoseValuesAreAllUnseen_IsSaid_OfThatPart()
    {
        Assert.Equal(
            ["No value of field 'x' in the 60 test rows has an id from training, so the field says nothing there. If it should, check that all "
                + "files write it alike ('1.0' is not '1'); if it cannot, leave it out of the schema."],
            Doubt.OfFiles(categorical, Doubt.Rows(40, 40, row => $"{row % 4}"), valid: Doubt.Rows(30, 30, row => $"{row % 4}"),
                test: Doubt.Rows(30, 30, row => $"{row % 4}.0")));
        Assert.Empty(Doubt.OfFiles(categorical, Doubt.Rows(40, 40, row => $"{row % 4}"), test: Doubt.Rows(30, 30, row => $"{row % 31}.0") + "1,0\n"));
    }

    [Fact]
    public void AJoinThatFindsNoKey_IsSaid_Once()
    {
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "user"] """,
            """{ "kind": "categorical", "columns": ["user", "age", "town"] }""",
            """ "joins": [{ "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age", "town"] } }], """);
        using TempFolder folder = new();
        folder.Write("users.csv", "1,30,Oslo\n2,40,Bonn\n");
        string wrong = folder.Write("wrong.csv", Doubt.Rows(40, 40, row => $"{1 + row % 2}.0"));
        string right = folder.Write("right.csv", Doubt.Rows(40, 40, row => $"{1 + row % 2}"));

        Assert.Equal(
            ["No training row has a key that users.csv has: all that it adds by 'user' is missing. Keys are compared as text ('1.0' is not '1'): "
                + "write them alike in both files."],
            Notices(schema, wrong));
        Assert.Empty(Notices(schema, right));

        static IReadOnlyCollection<string> Notices(Schema schema, string file)
        {
            using DataSplits data = Small.Load(schema, file);
            return data.Notices;
        }
    }

    [Fact]
    public void NumbersOfAnotherSize_AreSaid_UnlessTheyAreStandardized()
    {
        string large = Doubt.Rows(40, 40, row => $"{200_000 + row}"), small = Doubt.Rows(40, 40, row => $"0.0000{1 + row % 9}");
        Assert.Equal(
            ["Numbers of field 'x' are about 2E+05 in size, others 1: training follows this field alone, or diverges. Set \"standardize\": true for "
                + "it in the schema, or \"transform\": \"log1p\", or buckets."],
            Doubt.OfFiles(number, large));
        Assert.Contains("the field has hardly any influence", Assert.Single(Doubt.OfFiles(number, small)), StringComparison.Ordinal);
        Assert.Empty(Doubt.OfFiles(Small.OfX(""" "kind": "value", "standardize": true """), large));
        Assert.Empty(Doubt.OfFiles(number, Doubt.Rows(40, 40, row => $"{row}")));
    }

    [Fact]
    public void TheSameBytes_InTwoParts_AreSaid()
    {
        using TempFolder folder = new();
        string rows = Doubt.Rows(40, 40), train = folder.Write("train.csv", rows), copy = folder.Write("copy.csv", rows);

        Assert.Equal(
            $"{copy} has the same bytes as {train}, for training and for test: figures on test rows show what was learned by heart, not how the "
                + "model does on new rows. Give other rows for test, or --split.",
            Assert.Single(Notices(new() { Schema = categorical, TrainFiles = [train], TestFiles = [copy] })));
        Assert.StartsWith($"{train} is given twice, for training and for validation: ",
            Assert.Single(Notices(new() { Schema = categorical, TrainFiles = [train], ValidFiles = [train] })), StringComparison.Ordinal);
        Assert.StartsWith($"{copy} has the same bytes as {train}, both times for training: each of its rows counts twice.",
            Assert.Single(Notices(new() { Schema = categorical, TrainFiles = [train, copy] })), StringComparison.Ordinal);

        static IReadOnlyCollection<string> Notices(DataRequest request)
        {
            using DataSplits data = DataLoader.Load(request);
            return data.Notices;
        }
    }
}
