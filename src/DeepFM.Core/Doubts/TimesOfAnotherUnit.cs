using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Doubts;

/// <summary>Times that all lie in 1970 because they are written in another unit than the schema says; any thread may add.</summary>
sealed class TimesOfAnotherUnit(TimestampSpec? spec)
{
    // As seconds from 1973 to 2286; as milliseconds the beginning of 1970.
    const long LeastSeconds = 100_000_000, EndOfSeconds = 10_000_000_000;

    readonly bool isMilliseconds = spec?.Format == TimeReader.UnixMilliseconds;
    volatile bool isLikeAnother, isLikeNone;

    /// <summary>Looks at the number of a cell, which the schema takes for seconds or milliseconds since 1970; 0 says nothing.</summary>
    public void Note(long number)
    {
        if (isLikeNone || number == 0) { return; }
        if (isMilliseconds ? number is >= LeastSeconds and < EndOfSeconds : IsDate(number)) { isLikeAnother = true; }
        else { isLikeNone = true; }
    }

    /// <summary>A sentence where all times are such.</summary>
    /// <param name="part">What the rows are called.</param>
    public IEnumerable<string> Sentences(string part)
    {
        if (isLikeNone || !isLikeAnother) { yield break; }
        yield return $"All times of the {part} rows lie in 1970: column '{ShownText.Short(spec!.Column)}' is read as {spec.Format}, but its numbers look like "
            + $"{(isMilliseconds ? "seconds" : "dates such as 20241231")}. Set \"format\": \"{(isMilliseconds ? TimeReader.UnixSeconds : "yyyyMMdd")}\" "
            + "in the schema's timestamp.";
    }

    // 20241231: of the years 1900 to 2100.
    static bool IsDate(long number) => number is > 1900_00_00 and < 2101_00_00 && number / 100 % 100 is >= 1 and <= 12 && number % 100 is >= 1 and <= 31;
}
