using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>The reference's training against PyTorch, in double.</summary>
public class ReferenceEngineTests
{
    [Theory, MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Step_Adam_MatchesPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        Check(golden, golden.AdamOptions, golden.AfterAdam);
    }

    [Theory, MemberData(nameof(Golden.NamesWithFtrl), MemberType = typeof(Golden))]
    public void Step_Ftrl_MatchesItsPaper(string name)
    {
        Golden golden = Golden.Read(name);
        Check(golden, golden.FtrlOptions, golden.AfterFtrl!);
    }

    [Theory, MemberData(nameof(Golden.NamesWithAdagrad), MemberType = typeof(Golden))]
    public void Step_Adagrad_MatchesPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        Check(golden, golden.AdagradOptions, golden.AfterAdagrad!);
    }

    static void Check(Golden golden, TrainingOptions options, Dictionary<string, GoldenTensor> expected)
    {
        using EncodedData data = golden.Data();
        using ReferenceEngine engine =
            (ReferenceEngine)ReferenceEngine.Create(golden.Definition(), data.Fields, options, 1, 1);
        golden.WriteParameters(engine);

        for (int step = 0; step < golden.Steps; step++) { engine.Step(data, golden.Rows); }

        foreach ((string parameter, GoldenTensor tensor) in expected)
        {
            NumericAssert.Close<double>(tensor.Data, engine.Parameter(parameter), relative: 1e-10, absolute: 1e-12,
                parameter);
        }
    }
}

public sealed class ReferenceParityTests : EngineParityTests<ReferenceEngine>;
public sealed class ReferenceStepTests : EngineStepTests<ReferenceEngine>;
public sealed class ReferenceModelTests : EngineModelTests<ReferenceEngine>;
