using CsCheck;
using DeepFM.Metrics;

namespace DeepFM.Core.Tests;

public class LogLossTests
{
    [Fact]
    public void Of_IsTheTextbookFormula_WhereThatOneIsExact() =>
        Gen.Float[-15, 15].Array[1, 50].Sample(logits =>
        {
            float[] labels = Draw.Labels(logits.Length, seed: logits.Length);
            double expected = logits.Zip(labels, (z, y) =>
            {
                double p = 1 / (1 + Math.Exp(-(double)z));
                return -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p));
            }).Average();
            Assert.Equal(expected, LogLoss.Of(logits, labels), tolerance: 1e-9);
        });

    [Theory]
    [InlineData(0f, 1f, 0.693147180559945309)]
    [InlineData(30f, 1f, 9.357622968840e-14)]               // float32's sigmoid is exactly 1 here
    [InlineData(30f, 0f, 30.000000000000094)]
    [InlineData(-100f, 1f, 100)]
    [InlineData(100f, 1f, 3.720075976020836e-44)]           // 1 + e^−100 is exactly 1 in double
    [InlineData(float.MaxValue, 0f, float.MaxValue)]
    [InlineData(float.MaxValue, 1f, 0)]
    [InlineData(float.MinValue, 1f, float.MaxValue)]
    public void Of_DoesNotOverflowOrRoundTheProbability(float logit, float label, double expected)
    {
        double actual = LogLoss.Of([logit], [label]);
        NumericAssert.Close([expected], [actual], relative: 1e-12, absolute: 0);
    }

    [Theory, InlineData(float.NaN, "NaN"), InlineData(float.PositiveInfinity, "Infinity")]
    public void Of_NamesTheRowOfALogitThatIsNotFinite(float logit, string said)
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => LogLoss.Of([1f, logit, 2f], [0f, 1f, 0f]));
        Assert.StartsWith($"The model's output for row 1 (counted from 0, over all files) is {said}.", wrong.Message,
            StringComparison.Ordinal);
    }
}
