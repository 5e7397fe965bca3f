using DeepFM.Core.Tests.Data;
using DeepFM.Data;
using DeepFM.Doubts;

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
    public void AFieldThatIsNearlyAllRare_OrNearlyAllUnseen_IsSaid()
    {
        Assert.Equal(
            ["99.0 % of the cells of field 'x' hold values that occur less than 2 times in training and share one id, so the field says next to nothing. "
                + "Lower its \"minCount\" in the schema, or leave the field out."],
            Doubt.OfFiles(categorical, Doubt.Rows(100, 100, row => $"v{Math.Max(1, row)}")));
        string train = Doubt.Rows(40, 40, row => $"{row % 4}");
        Assert.Equal(
            ["Only 3 of the 300 values of field 'x' in the test rows have an id from training, so the field says next to nothing there. If it should, check "
                + "that all files write it alike ('1.0' is not '1'); if it cannot, leave it out of the schema."],
            Doubt.OfFiles(categorical, train, test: Doubt.Rows(150, 150, row => row < 3 ? "1" : "1.0")));
        Assert.Empty(Doubt.OfFiles(categorical, train, test: Doubt.Rows(150, 150, row => row < 4 ? "1" : "1.0")));
        // Missing values, which have an id here, are not known ones.
        Assert.StartsWith("No value of field 'x' in the 60 test rows ", Assert.Single(Doubt.OfFiles(categorical,
            Doubt.Rows(40, 40, row => row % 2 == 0 ? "" : "1"), test: Doubt.Rows(30, 30, row => row % 2 == 0 ? "" : "1.0"))), StringComparison.Ordinal);
    }

    [Fact]
    public void AFieldThatIsMissingInAPartAlone_IsSaid()
    {
        string train = Doubt.Rows(40, 40, row => row < 4 ? "" : "1");
        Assert.Equal(["Field 'x' is missing in all 60 test rows, but in 5.0 % of the training rows. Check its column in the test rows."],
            Doubt.OfFiles(categorical, train, test: Doubt.Rows(30, 30, _ => "")));
        Assert.Empty(Doubt.OfFiles(categorical, Doubt.Rows(40, 40, row => row < 60 ? "" : "1"), test: Doubt.Rows(30, 30, _ => "")));
    }

    static readonly Schema joined = Small.Schema(""" "format": "csv", "columns": ["y", "user"] """,
        """{ "kind": "categorical", "columns": ["age", "town"] }""",
        """ "joins": [{ "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age", "town"] } }], """);

    [Theory]
    [InlineData("validation"), InlineData("test"), InlineData("evaluated"), InlineData("given")]
    public void AJoinThatFindsNoKey_IsSaid_OfEveryPart(string part)
    {
        using TempFolder folder = new();
        folder.Write("users.csv", "1,30,Oslo\n2,40,Bonn\n");
        string right = folder.Write("right.csv", Doubt.Rows(40, 40, row => $"{1 + row % 2}"));
        string wrong = folder.Write("wrong.csv", Doubt.Rows(40, 40, row => $"{1 + row % 2}.0"));
        string hardly = folder.Write("hardly.csv", Doubt.Rows(50, 50, row => row == 0 ? "1" : "3"));
        string name = part == "evaluated" ? "test" : part;

        const string how = ". Keys are compared as text ('1.0' is not '1'): write them alike in both files.";
        Assert.Equal([$"No {name} row has a key that users.csv has: all that it adds by 'user' is missing{how}"], Notices(wrong));
        Assert.Equal([$"Only 1 of the 100 {name} rows has a key that users.csv has: what it adds by 'user' is missing in all others{how}"], Notices(hardly));
        Assert.Empty(Notices(right.Replace("right", "again", StringComparison.Ordinal)));

        NoticeSet Notices(string file)
        {
            folder.Write("again.csv", Doubt.Rows(39, 39, row => $"{1 + row % 2}"));
            using DataSplits data = DataLoader.Load(new()
            {
                Schema = joined,
                TrainFiles = [right],
                ValidFiles = part == "validation" ? [file] : [],
                TestFiles = part == "test" ? [file] : [],
            });
            if (part is "validation" or "test") { return data.Notices; }
            NoticeSet notices = [];
            foreach (EncodedData piece in data.Features.Read([file], readLabels: part == "evaluated", notices: notices)) { piece.Dispose(); }
            return notices;
        }
    }

    [Fact]
    public void AJoinThatFindsNoKey_IsSaid_OfPartsOfOneFile()
    {
        using TempFolder folder = new();
        folder.Write("users.csv", "1,30,Oslo\n2,40,Bonn\n");
        Schema timed = Small.Schema(""" "format": "csv", "columns": ["y", "user", "t"] """, """{ "kind": "categorical", "columns": ["age", "town"] }""",
            """ "joins": [{ "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age", "town"] } }], """
                + """ "timestamp": { "column": "t" }, """);
        string file = folder.Write("a.csv", string.Concat(Enumerable.Range(0, 400).Select(row =>
            $"{row % 2},{1 + row / 2 % 2}{(row < 200 ? "" : ".0")},{1_700_000_000 + row}\n")));
        using DataSplits data = DataLoader.Load(new() { Schema = timed, TrainFiles = [file], Split = Split.Parse("time:0.5,0.5") });
        Assert.StartsWith("No test row has a key that users.csv has: ", Assert.Single(data.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unixMilliseconds", 1_700_000_000, 86_400, "unixMilliseconds, but its numbers look like seconds. Set \"format\": \"unixSeconds\"")]
    [InlineData("unixSeconds", 20_241_201, 1, "unixSeconds, but its numbers look like dates such as 20241231. Set \"format\": \"yyyyMMdd\"")]
    public void TimesOfAnotherUnit_AreSaid(string format, long first, long step, string said)
    {
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "t"] """, """{ "kind": "time", "part": "weekday" }""",
            $$""" "timestamp": { "column": "t", "format": "{{format}}" }, """);
        string wrong = Rows(first), right = Rows(1_700_000_000L * (format == "unixSeconds" ? 1 : 1000));
        string training = $"All times of the training rows lie in 1970: column 't' is read as {said} in the schema's timestamp.";
        Assert.Equal([training], Doubt.OfFiles(schema, wrong));
        Assert.Contains(training.Replace("training", "test", StringComparison.Ordinal), Doubt.OfFiles(schema, right, test: wrong));
        Assert.Empty(Doubt.OfFiles(schema, right));
        Assert.Empty(Doubt.OfFiles(schema, $"{wrong}1,{1_700_000_000_000 / (format == "unixSeconds" ? 1000 : 1)}\n"));

        string Rows(long first) => string.Concat(Enumerable.Range(0, 80).Select(row => $"{row / 7 % 2},{first + row % 28 * step}\n"));
    }

    [Fact]
    public void ADescription_SaysWhatATrainingWouldSay()
    {
        using TempFolder folder = new();
        string one = folder.Write("one.csv", Doubt.Rows(0, 40, row => $"{row}")), good = folder.Write("good.csv", Doubt.Rows(40, 40));
        string unseen = folder.Write("unseen.csv", Doubt.Rows(40, 40, _ => "b"));
        Assert.Equal(
            ["All 40 labels of the training rows are 1, so there is nothing to learn. Check the schema's label, or give rows of both classes (a split by time "
                + "takes the oldest rows for training).",
            "All 40 values of field 'x' occur less than 2 times in training and share one id, so the field says nothing. Lower its \"minCount\" in the schema, "
                + "or leave the field out."],
            DataLoader.Describe(categorical, [one]).Notices);
        Assert.Empty(DataLoader.Describe(categorical, [good]).Notices);
        Assert.StartsWith("No value of field 'x' in the 80 test rows ", Assert.Single(DataLoader.Describe(categorical, [good], [unseen]).Notices),
            StringComparison.Ordinal);
        Assert.StartsWith($"{good} is given twice, for training and for test: ", Assert.Single(DataLoader.Describe(categorical, [good], [good]).Notices),
            StringComparison.Ordinal);
        Assert.Equal(Doubt.OfFiles(number, Doubt.Rows(40, 40, row => $"{200_000 + row}")),
            DataLoader.Describe(number, [folder.Write("large.csv", Doubt.Rows(40, 40, row => $"{200_000 + row}"))]).Notices);
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
        string other = folder.Write("other.csv", rows + "1,a\n");
        Assert.Equal($"{other} is given twice, for validation and for test: the epoch was chosen on the test rows, so their figures are too good. Give "
            + "other rows for test, or --split.",
            Assert.Single(Notices(new() { Schema = categorical, TrainFiles = [train], ValidFiles = [other], TestFiles = [other] })));
        Assert.StartsWith($"{copy} has the same bytes as {train}, both times for training: each of its rows counts twice.",
            Assert.Single(Notices(new() { Schema = categorical, TrainFiles = [train, copy] })), StringComparison.Ordinal);

        static IReadOnlyCollection<string> Notices(DataRequest request)
        {
            using DataSplits data = DataLoader.Load(request);
            return data.Notices;
        }
    }
}
