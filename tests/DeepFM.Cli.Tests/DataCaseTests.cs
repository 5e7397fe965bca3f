using System.Text.Json;

namespace DeepFM.Cli.Tests;

/// <summary>Small inputs that once went wrong for somebody: each gives the right result, or the sentence that helps.</summary>
/// <remarks>
/// The same expectations hold for inputs that the tests write (<see cref="DataCaseFiles"/>) and for those of the folder that
/// <c>DEEPFM_CASES</c> names, or <c>../shared/cases</c> beside the checkout, where one of them is there.
/// </remarks>
[Collection(nameof(Alone))]
public sealed class DataCaseTests : IDisposable
{
    readonly Workspace workspace = new();

    // Where the inputs of the case lie.
    string folder = "";

    public static TheoryData<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];

    public void Dispose() => workspace.Dispose();

    [Theory, MemberData(nameof(Names))]
    public void OwnInputs(string name)
    {
        DataCaseFiles.Write(workspace.Folder);
        folder = workspace.Folder;
        All[name](this);
    }

    [Theory, MemberData(nameof(Names))]
    public void InputsOfTheCasesFolder(string name)
    {
        string?[] roots = [Environment.GetEnvironmentVariable("DEEPFM_CASES"), Path.Combine(Documents.Root, "..", "shared", "cases")];
        string? found = roots.Where(root => !string.IsNullOrEmpty(root)).Select(root => Path.GetFullPath(Path.Combine(root!, "data")))
            .FirstOrDefault(Directory.Exists);
        if (found is null) { Assert.Skip("Needs the data cases: set DEEPFM_CASES to the folder that has them (in it, data/cases.tsv)."); }
        folder = found;
        All[name](this);
    }

    static readonly Dictionary<string, Action<DataCaseTests>> All = new()
    {
        ["1e400"] = cases => cases.Refused("1e400.csv", "x.json", "line 3, column 'x': '1e400' is too large: "),
        ["bag-columns"] = cases =>
        {
            JsonElement described = cases.Described("ffm-repeat.ffm", "bag-columns.json");
            Assert.Equal(["f0", "f1"], Fields(described).Select(field => field.GetProperty("name").GetString()));
            Assert.All(Fields(described), field => Assert.Equal("multiValued", field.GetProperty("kind").GetString()));
        },
        ["bag-missing"] = cases =>
            Assert.Equal(0.5, Fields(cases.Described("bag-missing.csv", "bag-missing.json")).Single().GetProperty("missingShare").GetDouble()),
        ["escape"] = cases =>
        {
            string table = cases.Run("describe --schema {0}/ab.json --data {0}/escape.csv").Output;
            Assert.Contains(@"\x1b[31mred", table, StringComparison.Ordinal);
            Assert.Contains(@"z\0z", table, StringComparison.Ordinal);
            Assert.DoesNotContain(table, c => char.IsControl(c) && c is not ('\r' or '\n'));
        },
        ["ffm-as-libsvm"] = cases => cases.Refused("ffm-as-libsvm.ffm", "libsvm.json", "line 1", "libffm"),
        ["ffm-repeat"] = cases =>
        {
            JsonElement described = cases.Described("ffm-repeat.ffm", "ffm-repeat.json");
            Assert.Equal(["1 20", "2 20", "3 20", "4 20"], Top(Fields(described).First()).Order(StringComparer.Ordinal));
            Assert.Equal(0, cases.Run("train --schema {0}/ffm-repeat.json --train {0}/ffm-repeat.ffm --model lr --set epochs=50 batchSize=10 --out @run").Code);
            Outcome evaluated = cases.Run("evaluate --model-dir @run/model --data {0}/ffm-repeat.ffm --json");
            Assert.Equal(1, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("auc").GetDouble());
        },
        ["ffm-repeat-lengths"] = cases =>
        {
            JsonElement described = cases.Described("ffm-repeat-lengths.ffm", "ffm-repeat.json");
            Assert.Equal(20, described.GetProperty("rowCount").GetInt32());
            Assert.Equal(40, Fields(described).First().GetProperty("distinctCount").GetInt32());
        },
        ["has-header"] = cases => cases.Refused("has-header.csv", "ab-columns.json", "line 1: this is a header", "\"header\": true", "\"skipLines\": 1"),
        ["header-spaces"] = cases => cases.Refused("header-spaces.csv", "ab.json", "' a '", "\"trim\": true"),
        ["libsvm-tabs"] = cases => Assert.Equal(12, Fields(cases.Described("libsvm-tabs.libsvm", "libsvm.json")).Single()
            .GetProperty("distinctCount").GetInt32()),
        ["lone-cr"] = cases => Assert.DoesNotContain("\r", cases.Refused("lone-cr.csv", "ab.json", "its lines end with a lone CR").TrimEnd(),
            StringComparison.Ordinal),
        ["long-id"] = cases =>
        {
            string table = cases.Run("describe --schema {0}/ab.json --data {0}/long-id.csv").Output;
            Assert.Contains("kkk… (1)", table, StringComparison.Ordinal);
            Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 200));
        },
        ["no-header"] = cases => cases.Refused("no-header.csv", "ab.json", "Is the first line a header?"),
        ["pylist"] = cases => cases.Refused("pylist.csv", "pylist.json", "looks like a list of Python or JSON", "\"list\": true"),
        ["same"] = cases =>
        {
            Outcome outcome = cases.Run("train --schema {0}/ab.json --train {0}/same.csv --split random:0.8,0.2 --test {0}/same.csv --model lr "
                + "--set epochs=2 --out @run");
            Assert.Equal(0, outcome.Code);
            Assert.Contains("same.csv is given twice, for training and for test: figures on test rows show what was learned by heart",
                outcome.Output, StringComparison.Ordinal);
        },
        ["space-label"] = cases => cases.Refused("space-label.csv", "ab.json", "line 3, column 'y': ' 0' is not a label.", "\"trim\": true"),
        ["time-negative"] = cases => cases.Refused("time-negative.csv", "time.json", "line 3, column 't': '-1' is before 1970"),
        ["time-strptime"] = cases => cases.Refused("time-strptime.csv", "time-strptime.json", "time-strptime.json, timestamp: ", "has %",
            "yyyy-MM-dd HH:mm:ss"),
        ["utf16-no-bom"] = cases => cases.Refused("utf16-no-bom.csv", "ab.json", "this is text in UTF-16LE."),
        ["damaged/config_options_null"] = cases =>
        {
            Assert.Equal(0, cases.workspace.Train("run", "--model lr").Code);
            File.Copy(Path.Combine(cases.folder, "damaged", "config_options_null.json"), cases.workspace["run/model/config.json"], overwrite: true);
            IsRefused(cases.Run("evaluate --model-dir @run/model --data @test.csv"), "config.json");
        },
        ["damaged/metadata_list"] = cases => IsRefused(
            cases.Run("notebook run {0}/damaged/metadata_list.ipynb --out @executed"), "metadata_list.ipynb", "metadata"),
        ["damaged/cell_type_number"] = cases => IsRefused(
            cases.Run("notebook run {0}/damaged/cell_type_number.ipynb --out @executed"), "cell_type_number.ipynb", "cell_type"),
    };

    // {0} is the folder of the inputs.
    Outcome Run(string line) => workspace.Run(line.Replace("{0}", folder, StringComparison.Ordinal));

    string Refused(string data, string schema, params string[] says) =>
        IsRefused(Run($"describe --schema {{0}}/{schema} --data {{0}}/{data}"), says);

    static string IsRefused(Outcome outcome, params string[] says)
    {
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.All(says, text => Assert.Contains(text, outcome.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        return outcome.Error;
    }

    JsonElement Described(string data, string schema)
    {
        Outcome outcome = Run($"describe --schema {{0}}/{schema} --data {{0}}/{data} --json");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    static JsonElement[] Fields(JsonElement described) => [.. described.GetProperty("fields").EnumerateArray()];

    static IEnumerable<string> Top(JsonElement field) => field.GetProperty("topValues").EnumerateArray()
        .Select(top => $"{top.GetProperty("value").GetString()} {top.GetProperty("count").GetInt64()}");
}
