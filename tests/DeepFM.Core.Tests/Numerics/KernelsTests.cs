using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public class KernelsTests
{
    [Fact]
    public void Choose_TakesTheWidestThatThereIs() =>
        Assert.Equal(Widths.All.Select(row => row.Data).First(Widths.IsAvailable),
            $"{Kernels.Choose(null).Bits}");

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Choose_GivesTheWidth(string width)
    {
        Assert.SkipUnless(Widths.IsAvailable(width), $"This processor has no registers of {width} bits.");
        Assert.Equal(width, $"{Kernels.Choose(width).Bits}");
    }

    [Theory, InlineData("64"), InlineData("512 "), InlineData("avx2")]
    public void Choose_AnUnknownWidth_NamesThoseThatThereAre(string width)
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Kernels.Choose(width));
        string available = string.Join(", ", Widths.All.Select(row => row.Data).Where(Widths.IsAvailable));
        Assert.Equal(
            $"DEEPFM_SIMD is '{width}'; this processor allows {available}. Set one of these, or unset the variable.",
            wrong.Message);
    }
}
