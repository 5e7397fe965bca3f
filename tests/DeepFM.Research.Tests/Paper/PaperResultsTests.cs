using DeepFM.Models;
using DeepFM.Research.Paper;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Paper;

/// <summary>Published numbers: one of each table and column against its source, and what the tables must agree in.</summary>
public class PaperResultsTests
{
    [Theory]
    [InlineData("lr", PaperData.Company, 0.8640, 0.02648)]
    [InlineData("fnn", PaperData.Criteo, 0.7963, 0.45738)]
    [InlineData("lr-dnn", PaperData.Criteo, 0.7981, 0.46772)]
    [InlineData("deepfm", PaperData.Company, 0.8715, 0.02618)]
    [InlineData("deepfm", PaperData.Criteo, 0.8007, 0.45083)]
    public void V1_IsTheFirstVersionsTable2(string model, PaperData data, double auc, double logLoss) =>
        Check(PaperResults.V1(model, data), auc, logLoss, PaperSource.V1Table2);

    [Theory]
    [InlineData("lr", PaperData.Criteo, 0.7804, 0.46782)]
    [InlineData("pnn-star", PaperData.Company, 0.8663, 0.02638)]
    [InlineData("fm-dnn", PaperData.Criteo, 0.7980, 0.45343)]
    [InlineData("deepfm", PaperData.Company, 0.8715, 0.02619)]
    [InlineData("deepfm", PaperData.Criteo, 0.8016, 0.44985)]
    public void Ijcai_IsTheConferencesTable2(string model, PaperData data, double auc, double logLoss) =>
        Check(PaperResults.Ijcai(model, data), auc, logLoss, PaperSource.IjcaiTable2);

    [Theory]
    [InlineData("dnn", PaperData.CriteoSequential, 0.7953, 0.4580)]
    [InlineData("deepfm-ip", PaperData.Company, 0.8720, 0.02616)]
    [InlineData("deepfm-star", PaperData.Criteo, 0.7995, 0.4515)]
    [InlineData("opnn", PaperData.CriteoSequential, 0.8002, 0.4536)]
    public void Extended_IsTableIV(string model, PaperData data, double auc, double logLoss) =>
        Check(PaperResults.Extended(model, data), auc, logLoss, PaperSource.ExtendedTable4);

    [Fact]
    public void Tables_HaveTheirModels_AndNoOthers()
    {
        Assert.All(ModelCatalog.PaperNames, model => Assert.All([PaperData.Company, PaperData.Criteo], data =>
        {
            Assert.NotNull(PaperResults.V1(model, data));
            Assert.NotNull(PaperResults.Ijcai(model, data));
        }));
        Assert.All(ModelCatalog.Names, model => Assert.NotNull(PaperResults.Extended(model, PaperData.CriteoSequential)));
        Assert.Null(PaperResults.V1("dnn", PaperData.Criteo));
        Assert.Null(PaperResults.Ijcai("lr", PaperData.CriteoSequential));
    }

    /// <summary>Every cell of the conference's table appears again in the extended version, to the digits that this prints.</summary>
    [Fact]
    public void Ijcai_AgreesWithTheExtendedVersion() => Assert.All(ModelCatalog.PaperNames, model =>
        Assert.All([PaperData.Company, PaperData.Criteo], data =>
        {
            PublishedScore first = PaperResults.Ijcai(model, data)!, again = PaperResults.Extended(model, data)!;
            Assert.Equal(first.Auc.Value, again.Auc.Value);
            Assert.Equal(first.LogLoss.Value, again.LogLoss.Value, tolerance: 1e-5);
        }));

    /// <summary>v1's stated improvements follow from its table to rounding: a misread cell of either would show.</summary>
    [Theory]
    [InlineData(ImprovementOver.Lr, "lr")]
    [InlineData(ImprovementOver.SecondBest, "fm,fnn,ipnn,opnn,pnn-star")]
    [InlineData(ImprovementOver.WideAndDeep, "lr-dnn,fm-dnn")]
    public void V1_StatesTheImprovementsOfItsTable(ImprovementOver over, string models)
    {
        foreach (PublishedImprovement stated in PaperResults.Improvements.Where(row => row.Over == over
            && row.Auc.Source == PaperSource.V1Text))
        {
            PublishedScore[] others = [.. models.Split(',').Select(model => PaperResults.V1(model, stated.Data)!)];
            PublishedScore own = PaperResults.V1("deepfm", stated.Data)!;
            Assert.Equal(stated.Auc.Value, 100 * (own.Auc.Value / others.Max(other => other.Auc.Value) - 1), tolerance: 0.011);
            Assert.Equal(stated.LogLoss.Value, 100 * (1 - own.LogLoss.Value / others.Min(other => other.LogLoss.Value)), tolerance: 0.025);
        }
    }

    [Fact]
    public void Figure6_HasThePrintedBars()
    {
        Assert.Equal(["fnn", "lr-dnn", "fm-dnn", "ipnn", "opnn", "pnn-star", "deepfm"], PaperResults.Figure6.Select(time => time.Model));
        PublishedTime fnn = PaperResults.Figure6[0], ipnn = PaperResults.Figure6[3];
        Assert.Equal((1.89, 1.32, 1.28, 0.95), (fnn.Cpu.Value, fnn.CpuPretraining.Value, fnn.Gpu.Value, fnn.GpuPretraining.Value));
        Assert.Equal((37.61, 0.0, 2.77), (ipnn.Cpu.Value, ipnn.CpuPretraining.Value, ipnn.Gpu.Value));
        Assert.Equal(11, PaperResults.ExtendedFigure9.Count);
        Assert.Equal(183.12, PaperResults.ExtendedFigure9[^1].Cpu.Value);
        Assert.All(PaperResults.Figure6, time => Assert.Equal("IJCAI 2017, Figure 6", time.Gpu.Source.Name));
    }

    [Fact]
    public void Sweeps_AreReadings_OneAPlace()
    {
        int[] places = [2, 6, 4, 4, 4];
        Assert.Equal(34, PaperResults.Figures7To11.Count);      // seven curves a figure, but for IPNN in the last
        Assert.All(PaperResults.Figures7To11, curve =>
        {
            Assert.Equal(places[curve.Figure - 7], curve.Auc.Count);
            Assert.All(curve.Auc.Concat(curve.LogLoss ?? []), value => Assert.True(value.ReadByEye));
            Assert.All(curve.Auc, value => Assert.InRange(value.Value, 0.856, 0.874));          // the axes' ranges
            Assert.All(curve.LogLoss ?? [], value => Assert.InRange(value.Value, 0.0259, 0.0267));
        });
        Assert.Equal(0.8661, PaperResults.Reading(8, "ipnn")!.Auc[1].Value);
        Assert.Null(PaperResults.Reading(11, "ipnn"));
    }

    [Fact]
    public void Bars_IsFoundByTheNumbersOfRowsAndPositives()
    {
        BarsBoard frappe = PaperResults.BarsFor(Data(202_027, 57_722, 28_860, positives: 96_203))!;
        Assert.Equal((0.9842, 0.1482), (frappe.Scores["deepfm"].Auc.Value, frappe.Scores["deepfm"].LogLoss.Value));
        Assert.False(frappe.Scores.ContainsKey("fnn"));
        DataReport criteo = Data(33_003_326, 8_250_124, 4_587_167, positives: 11_745_438);
        Assert.Equal("BARS, Criteo_x1", PaperResults.BarsFor(criteo)!.Scores["ipnn"].Auc.Source.Name);
        Assert.True(PaperResults.CriteoRows.Are(criteo));
        Assert.All(PaperResults.Bars, board => Assert.Equal(board.Rows.Count, board.Rows.Parts!.Value.Train + board.Rows.Parts.Value.Valid
            + board.Rows.Parts.Value.Test));
    }

    /// <summary>One row, one click or a row in another part, and they are other rows.</summary>
    [Theory]
    [InlineData(202_027, 57_722, 28_860, 96_202), InlineData(202_027, 57_722, 28_860, 96_204), InlineData(202_026, 57_722, 28_860, 96_203)]
    [InlineData(202_026, 57_723, 28_860, 96_203), InlineData(202_027, 28_860, 57_722, 96_203), InlineData(259_749, 0, 28_860, 96_203)]
    public void OtherRows_HaveNoBoard(int train, int valid, int test, int positives) =>
        Assert.Null(PaperResults.BarsFor(Data(train, valid, test, positives)));

    /// <summary>The papers divide Criteo's file, and do not say how many rows a part has.</summary>
    [Fact]
    public void CriteosRows_AreThoseOfTheWholeFile()
    {
        Assert.True(PaperResults.CriteoRows.Are(Data(41_256_556, 0, 4_584_061, 11_745_438)));
        Assert.False(PaperResults.CriteoRows.Are(Data(41_256_556, 0, 4_584_061, 11_745_437)));
        Assert.Equal("45,840,617 rows with 11,745,438 positives", $"{PaperResults.CriteoRows}");
        Assert.Equal("50 rows with 7 positives", PaperResults.CriteoRows.WordsOf(Data(40, 0, 10, 7)));
    }

    // Positives spread over the parts; a part without rows is one that is not there.
    static DataReport Data(int train, int valid, int test, int positives)
    {
        int ofTest = test / 3, ofValid = valid / 3;
        SplitReport? Split(int rows, int clicks) => rows == 0 ? null : new(rows, (double)clicks / rows);
        return new(new string('0', 64), "given files", 3, 10, Split(train, positives - ofTest - ofValid)!, Split(valid, ofValid), Split(test, ofTest));
    }

    static void Check(PublishedScore? score, double auc, double logLoss, PaperSource source) => Assert.Equal(
        (auc, logLoss, source, source), (score!.Auc.Value, score.LogLoss.Value, score.Auc.Source, score.LogLoss.Source));
}
