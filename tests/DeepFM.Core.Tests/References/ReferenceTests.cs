using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Core.Tests;

/// <summary>The reference against its equations and against PyTorch, so that it can judge the engine.</summary>
public class ReferenceTests
{
    [Theory, MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Run_MatchesPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        using EncodedData data = golden.Data();
        Dictionary<string, double[]> parameters = golden.ParameterValues();

        ReferenceRun evaluated =
            Reference.Run(golden.Definition(), parameters, data, golden.Rows, ReferenceMode.Evaluation);
        ReferenceRun trained =
            Reference.Run(golden.Definition(), parameters, data, golden.Rows, ReferenceMode.WithoutDropout);

        NumericAssert.Close(golden.EvaluationLogits, Values(evaluated.Logits), relative: 1e-12, absolute: 1e-13,
            "evaluation logit");
        NumericAssert.Close(golden.Logits, Values(trained.Logits), relative: 1e-12, absolute: 1e-13, "logit");
        Assert.Equal(golden.MeanLoss, trained.MeanLoss, tolerance: 1e-13);
        Assert.Equal(golden.Gradients.Keys.Order(), trained.Gradients.Keys.Order());
        foreach ((string parameter, Rounded[] gradient) in trained.Gradients)
        {
            NumericAssert.Close(golden.Gradients[parameter].Data, Values(gradient), relative: 1e-10, absolute: 1e-13,
                parameter);
        }
    }

    [Theory, MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Parameters_HaveTheShapesOfTheDefinition(string name)
    {
        Golden golden = Golden.Read(name);
        using EncodedData data = golden.Data();
        Assert.Equal(
            golden.Parameters.Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.Shape)}]").Order(),
            golden.Definition().Parameters(data.FeatureCount)
                .Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]").Order());
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Gradients_AreTheDifferencesOfTheLoss(string name)
    {
        // tanh, because differences across relu's kink are no gradient
        ModelDefinition definition =
            TestModels.Named(name, TestData.SmallModel with { Activation = Activation.Tanh, BatchNorm = true })
            .Build(fieldCount: 5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 3);
        Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 4);
        int[] rows = [6, 0, 3, 3, 1];

        ReferenceRun run = Reference.Run(definition, parameters, data, rows, ReferenceMode.WithoutDropout);

        foreach ((string parameter, Rounded[] gradient) in run.Gradients)
        {
            double Loss(double[] x)
            {
                Dictionary<string, double[]> moved = new(parameters) { [parameter] = x };
                return Reference.Run(definition, moved, data, rows, ReferenceMode.WithoutDropout).MeanLoss;
            }

            double[] differences = Reference.Gradient(Loss, parameters[parameter]);
            NumericAssert.Close(differences, Values(gradient), relative: 1e-7, absolute: 1e-9, parameter);
        }
    }

    // Rendle 2010: Σ_{i<j} ⟨e_i, e_j⟩ = ½ Σ_k ( (Σ_f e[f,k])² − Σ_f e[f,k]² )
    [Fact]
    public void FmPairSum_IsRendlesIdentity()
    {
        const int F = 7, K = 5;
        double[] e = [.. Draw.Floats(F * K, seed: 5).Select(value => (double)value)];
        double identity = 0;
        for (int k = 0; k < K; k++)
        {
            double sum = 0, squares = 0;
            for (int f = 0; f < F; f++)
            {
                sum += e[f * K + k];
                squares += e[f * K + k] * e[f * K + k];
            }
            identity += 0.5 * (sum * sum - squares);
        }
        Assert.Equal(identity, Reference.FmPairSum(e, F, K), tolerance: 1e-13);
    }

    [Fact]
    public void Run_Dropout_ZeroesUnitsAndScalesWhatStays()
    {
        ModelOptions options = TestData.SmallModel with { HiddenWidths = [5], DropRate = 0.75f };
        ModelDefinition definition = new DnnModel(options).Build(fieldCount: 3);
        using EncodedData data = TestData.Random(fieldCount: 3, rows: 4, seed: 6);
        Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 7);
        double bias = parameters["output.bias"][0];

        double[] Hidden(ReferenceMode mode) =>
            [.. Values(Reference.Run(definition, parameters, data, [0, 1, 2, 3], mode).Logits).Select(z => z - bias)];

        double[] evaluated = Hidden(ReferenceMode.Evaluation);
        Assert.All(Hidden(new(Training: true, Keeps: (_, _, _) => false)), hidden => Assert.Equal(0, hidden));
        NumericAssert.Close<double>([.. evaluated.Select(hidden => 4 * hidden)],
            Hidden(new(Training: true, Keeps: (_, _, _) => true)), relative: 1e-12, absolute: 1e-13);
        NumericAssert.Close<double>(evaluated, Hidden(new(Training: false, Keeps: (_, _, _) => false)), relative: 0,
            absolute: 0);

        double[] unitByUnit = new double[4];
        for (int kept = 0; kept < 5; kept++)
        {
            double[] one = Hidden(new(Training: true, Keeps: (_, _, unit) => unit == kept));
            for (int b = 0; b < 4; b++) { unitByUnit[b] += one[b] / 4; }
        }
        NumericAssert.Close<double>(evaluated, unitByUnit, relative: 1e-12, absolute: 1e-13);
    }

    // The bound must hold, and must not be so wide that it would let anything pass.
    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Errors_AreAFewRoundingsOfTheNumbers(string name)
    {
        ModelDefinition definition = TestModels.Named(name, TestData.SmallModel).Build(fieldCount: 5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 3);
        Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 4);

        ReferenceRun run = Reference.Run(definition, parameters, data, [0, 1, 2, 3, 4, 5, 6],
            ReferenceMode.WithoutDropout);

        Assert.All(run.Logits, logit => Assert.InRange(logit.Error * Rounded.Unit, 1e-9, 1e-4));
        Assert.All(run.Gradients.Values.SelectMany(gradient => gradient),
            number => Assert.InRange(number.Error * Rounded.Unit, 0, 1e-4));
    }

    static double[] Values(Rounded[] numbers) => [.. numbers.Select(number => number.Value)];
}
