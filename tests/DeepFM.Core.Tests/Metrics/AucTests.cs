using CsCheck;
using DeepFM.Metrics;

namespace DeepFM.Core.Tests;

public class AucTests
{
    /// <summary>Scores from few values, so that many tie; −0 and +0 among them.</summary>
    static readonly Gen<float[]> TiedScores =
        Gen.OneOf(-2f, -0.5f, -0f, 0f, 1e-30f, 0.25f, 3f, float.PositiveInfinity, float.NegativeInfinity).Array[2, 60];

    static readonly Gen<float[]> AnyScores = Gen.Single.Where(score => !float.IsNaN(score)).Array[2, 60];

    /// <summary>The definition: a double loop over clicks and non-clicks.</summary>
    static double ByPairs(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        double won = 0;
        long pairs = 0;
        for (int p = 0; p < scores.Length; p++)
        {
            for (int n = 0; n < scores.Length; n++)
            {
                if (labels[p] != 1 || labels[n] != 0) { continue; }
                pairs++;
                won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
            }
        }
        return won / pairs;
    }

    [Fact]
    public void Of_IsTheDoubleLoopOverPairs() =>
        Gen.OneOf(TiedScores, AnyScores).Sample(scores =>
        {
            float[] labels = Draw.Labels(scores.Length, seed: scores.Length);
            Assert.Equal(ByPairs(scores, labels), Auc.Of(scores, labels));
        });

    [Fact]
    public void Of_IsTheDoubleLoopOverPairs_OnRowsOfEveryDigit()
    {
        float[] scores = Draw.Floats(5_003, seed: 1, scale: 10), labels = Draw.Labels(5_003, seed: 2, clickRate: 0.03);
        Assert.Equal(ByPairs(scores, labels), Auc.Of(scores, labels));
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.4f, 0.35f, 0.8f }, new[] { 0f, 0f, 1f, 1f }, 0.75)]     // scikit-learn's example
    [InlineData(new[] { 1f, 2f, 3f, 4f }, new[] { 0f, 0f, 1f, 1f }, 1)]
    [InlineData(new[] { 1f, 2f, 3f, 4f }, new[] { 1f, 1f, 0f, 0f }, 0)]
    [InlineData(new[] { 5f, 5f, 5f, 5f, 5f }, new[] { 1f, 0f, 0f, 1f, 0f }, 0.5)]       // all ties
    [InlineData(new[] { -0f, 0f }, new[] { 0f, 1f }, 0.5)]                              // −0 equals +0
    [InlineData(new[] { 0f, float.Epsilon }, new[] { 0f, 1f }, 1)]
    [InlineData(new[] { 0f, -float.Epsilon }, new[] { 0f, 1f }, 0)]
    public void Of_ValuesByHand(float[] scores, float[] labels, double expected) =>
        Assert.Equal(expected, Auc.Of(scores, labels));

    [Fact]
    public void Of_DoesNotChangeUnderAMonotoneMap() =>
        Gen.Int[-1_000, 1_000].Array[2, 60].Sample(whole =>
        {
            float[] labels = Draw.Labels(whole.Length, seed: whole.Length);
            float[] scores = [.. whole.Select(x => (float)x)];
            float[] mapped = [.. whole.Select(x => 3f * x * x * Math.Sign(x) - 7)];
            Assert.Equal(Auc.Of(scores, labels), Auc.Of(mapped, labels));
        });

    [Fact]
    public void Of_IsOneLessTheAucOfTheNegatedScores() =>
        Gen.OneOf(TiedScores, AnyScores).Sample(scores =>
        {
            float[] labels = Draw.Labels(scores.Length, seed: scores.Length);
            float[] negated = [.. scores.Select(score => -score)];
            Assert.Equal(1 - Auc.Of(scores, labels)!.Value, Auc.Of(negated, labels)!.Value, tolerance: 1e-15);
        });

    [Fact]
    public void Of_DoesNotDependOnTheOrderOfRows() =>
        TiedScores.Sample(scores =>
        {
            float[] labels = Draw.Labels(scores.Length, seed: scores.Length);
            Assert.Equal(Auc.Of(scores, labels), Auc.Of([.. scores.Reverse()], [.. labels.Reverse()]));
        });

    [Theory, InlineData(0f), InlineData(1f)]
    public void Of_OneClass_IsNull(float label) => Assert.Null(Auc.Of([1f, 2f, 3f], [label, label, label]));

    [Fact]
    public void Of_NamesTheRowWithoutANumber()
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Auc.Of([1f, 2f, float.NaN], [0f, 1f, 0f]));
        Assert.Equal("The model's output for row 2 (counted from 0, over all files) is NaN. A number in that row is far larger than those "
            + "of training, the training has diverged, or the weights are damaged. Look at the row, or train with a lower learning rate.",
            wrong.Message);
    }

    [Fact]
    public void Of_NamesTheRowWithAWrongLabel()
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => Auc.Of([1f, 2f], [0f, -1f]));
        Assert.Equal("Row 1 (counted from 0) has the label -1; it must be 0 or 1.", wrong.Message);
    }

    [Fact]
    public void Of_RefusesAnotherNumberOfLabels() =>
        Assert.Throws<ArgumentException>(() => Auc.Of([1f, 2f], [0f, 1f, 1f]));

    [Fact]
    public void Of_NoRows_SaysSo() =>
        Assert.Equal("There are no rows to evaluate.", Assert.Throws<UserErrorException>(() => Auc.Of([], [])).Message);
}
