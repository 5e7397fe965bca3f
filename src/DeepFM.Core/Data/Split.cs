using System.Globalization;

namespace DeepFM.Data;

/// <summary>By what rows are told into training, validation and test.</summary>
public enum SplitKind
{
    /// <summary>By a hash of seed and row position: each row by itself, so shares are met up to chance.</summary>
    Random,

    /// <summary>By the timestamp: the oldest train, the newest test; rows of one time stay together.</summary>
    Time,
}

/// <summary>How one set of files is told into parts.</summary>
/// <param name="Kind">By chance or by time.</param>
/// <param name="Fractions">
/// Two or three shares that add up to 1: training, then validation and test, or one of the two.
/// </param>
public sealed record Split(SplitKind Kind, IReadOnlyList<double> Fractions)
{
    /// <summary>Reads <c>random:0.8,0.1,0.1</c> or <c>time:0.9,0.1</c>.</summary>
    /// <exception cref="UserErrorException">It is not written like that, or the shares do not add up to 1.</exception>
    public static Split Parse(string text)
    {
        int colon = text.IndexOf(':');
        SplitKind? kind = (colon < 0 ? text : text[..colon]) switch
        {
            "random" => SplitKind.Random,
            "time" => SplitKind.Time,
            _ => null,
        };
        string[] shares = colon < 0 ? [] : text[(colon + 1)..].Split(',');
        double[] fractions = new double[shares.Length];
        bool areNumbers = true;
        for (int i = 0; i < fractions.Length; i++)
        {
            areNumbers &= double.TryParse(shares[i], NumberStyles.Float, CultureInfo.InvariantCulture, out fractions[i])
                && fractions[i] > 0 && fractions[i] < 1;
        }
        if (kind is null || !areNumbers || fractions.Length is not (2 or 3) || Math.Abs(fractions.Sum() - 1) > 1e-9)
        {
            throw new UserErrorException(
                $"The split '{text}' is not understood. Allowed: 'random:0.8,0.1,0.1' or 'time:0.8,0.1,0.1', "
                + "with shares of training, validation and test between 0 and 1 that add up to 1; with two shares, "
                + "training and test, or training and validation when test files are given.");
        }
        return new(kind.Value, fractions);
    }

    /// <summary>The split in words, for reports, such as "random 80/10/10 %, seed 1".</summary>
    public string Describe(ulong seed)
    {
        string shares = string.Join('/',
            Fractions.Select(share => ((decimal)share * 100).ToString("0.###########", CultureInfo.InvariantCulture)));
        return Kind == SplitKind.Random ? $"random {shares} %, seed {seed}" : $"by time {shares} %, oldest first";
    }
}
