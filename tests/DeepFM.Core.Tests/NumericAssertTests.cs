using Xunit.Sdk;

namespace DeepFM.Core.Tests;

public class NumericAssertTests
{
    [Theory, InlineData(1.0f), InlineData(1.001f), InlineData(0.999f)]
    public void Close_AcceptsWhatIsWithinTheTolerance(float actual) =>
        NumericAssert.Close([1.0], [actual], relative: 0.0011, absolute: 0);

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(1.01f), InlineData(0f)]
    public void Close_RefusesWhatIsNot(float actual)
    {
        Exception wrong = Assert.ThrowsAny<XunitException>(
            () => NumericAssert.Close([2.0, 1.0], [2f, actual], relative: 0.0011, absolute: 0, "logit"));
        Assert.StartsWith("logit[1] is ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Close_RefusesAnExpectedNaN() =>
        Assert.ThrowsAny<XunitException>(() =>
            NumericAssert.Close([double.NaN], [double.NaN], relative: 1, absolute: 1));

    [Fact]
    public void Close_RefusesAnotherLength() =>
        Assert.ThrowsAny<XunitException>(() => NumericAssert.Close([1.0, 2.0], [1.0], relative: 1, absolute: 1));
}
