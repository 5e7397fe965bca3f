using System.Buffers.Text;
using DeepFM.Data;
using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>Generated text in the form of the Criteo Display Advertising data, and the kit's schema for it.</summary>
/// <remarks>
/// <para>
/// Label, 13 numbers and 26 categories of 8 hexadecimal digits, separated by tabs; a missing cell is empty. Numbers of
/// values and shares of missing cells are about those of the 45,840,617 training rows, and the same columns miss together.
/// A number is ⌊m·u/(1 − u)⌋ with u uniform, so m is about its median; an id is number ⌊u⁴·size⌋ of its column.
/// </para>
/// <para>
/// The label is 1 with probability σ(z), z = −2.82 + Σ_i ±0.15·ln(1 + I_i) + Σ_c 0.2·e(C_c) + 0.5·e(C14, C17): the sign is
/// plus for odd i, e is uniform with mean 0 and deviation 1, drawn once for each id (and each pair of ids), and a missing
/// cell adds 0. So there is something to learn, of order 1 and of order 2; the function is not that of the real data.
/// </para>
/// </remarks>
public static class CriteoText
{
    const int LongestRow = 512;         // bytes; 40 cells of at most 11 and a separator are less
    const int FirstOfPair = 13, SecondOfPair = 16;      // C14 and C17

    // Of I1 … I13: columns of one group are missing together; share of missing cells; m; the greatest value.
    static readonly (int Group, float Missing, float Median, int Greatest)[] numbers =
    [
        (0, 0.45f, 1.1f, 5_775), (1, 0, 3.4f, 257_675), (2, 0.21f, 7, 65_535), (3, 0.22f, 4.5f, 969),
        (4, 0.03f, 2_500, 23_159_456), (5, 0.22f, 36, 431_037), (6, 0.04f, 3.2f, 56_311), (7, 0, 8, 6_047),
        (6, 0.04f, 40, 29_019), (0, 0.45f, 1, 11), (6, 0.04f, 2.5f, 231), (8, 0.77f, 0.36f, 4_008), (3, 0.22f, 5, 7_393),
    ];

    // Of C1 … C26, alike: group; share of missing cells; number of values.
    static readonly (int Group, float Missing, int Values)[] categories =
    [
        (9, 0, 1_460), (9, 0, 583), (10, 0.034f, 10_131_227), (10, 0.034f, 2_202_608), (9, 0, 305), (11, 0.12f, 24),
        (9, 0, 12_517), (9, 0, 633), (9, 0, 3), (9, 0, 93_145), (9, 0, 5_683), (10, 0.034f, 8_351_593), (9, 0, 3_194),
        (9, 0, 27), (9, 0, 14_992), (10, 0.034f, 5_461_306), (9, 0, 10), (9, 0, 5_652), (12, 0.44f, 2_173), (12, 0.44f, 4),
        (10, 0.034f, 7_046_547), (13, 0.76f, 18), (9, 0, 15), (10, 0.034f, 286_181), (12, 0.44f, 105), (12, 0.44f, 142_572),
    ];

    /// <summary>The schema <c>data/schemas/criteo.json</c>.</summary>
    public static Schema Schema => SchemaOf(copies: 1);

    /// <summary>The schema for a file that is given several times over: ids that were rare are still rare.</summary>
    internal static Schema SchemaOf(int copies)
    {
        using Stream stream = typeof(CriteoText).Assembly.GetManifestResourceStream("criteo.json")!;
        using StreamReader reader = new(stream);
        return Schema.Parse(reader.ReadToEnd().Replace("\"minCount\": 10", $"\"minCount\": {10 * copies}", StringComparison.Ordinal),
            "criteo.json");
    }

    /// <summary>Writes a file, whole or not at all, and returns its bytes. They do not depend on the threads.</summary>
    /// <param name="path">Replaced when it is there.</param>
    /// <param name="rowCount">Number of lines, at least 0.</param>
    /// <param name="seed">The same seed writes the same rows; more rows of it begin with these.</param>
    /// <param name="threads">Threads that make rows, in [1, 1024]; 0 for one a core.</param>
    /// <param name="progress">Told after each block of rows.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    /// <exception cref="UserErrorException">The disk has no room for so many rows.</exception>
    public static long Write(string path, long rowCount, ulong seed = 1, int threads = 0, IProgress<WriteProgress>? progress = null,
        CancellationToken cancel = default) =>
        RowFile.Write(path, rowCount, LongestRow, default, () => (row, to) => WriteRow(to, CounterRandom.Key(seed, (ulong)row)),
            threads, progress: progress, cancel: cancel);

    static int WriteRow(Span<byte> to, ulong key)
    {
        ulong draw = 100;                                       // 0 to 99 are for what is missing, and the label
        int at = 1;                                             // the label's place, filled last
        double z = -2.82;
        for (int i = 0; i < numbers.Length; i++)
        {
            (int group, float missing, float median, int greatest) = numbers[i];
            to[at++] = (byte)'\t';
            float u = CounterRandom.Uniform(key, draw++);
            if (CounterRandom.Uniform(key, (ulong)group) < missing) { continue; }
            int value = (int)Math.Min(median * u / (1 - u), greatest);
            z += (i % 2 == 0 ? 0.15 : -0.15) * Math.Log(1 + value);
            Utf8Formatter.TryFormat(value, to[at..], out int length);
            at += length;
        }
        ulong pair = 0;
        for (int c = 0; c < categories.Length; c++)
        {
            (int group, float missing, int values) = categories[c];
            to[at++] = (byte)'\t';
            float u = CounterRandom.Uniform(key, draw++);
            if (CounterRandom.Uniform(key, (ulong)group) < missing) { continue; }
            ulong hash = CounterRandom.Bits((ulong)c, (ulong)(u * u * u * u * values));
            z += 0.2 * Effect(hash);
            if (c is FirstOfPair or SecondOfPair) { pair = CounterRandom.Bits(pair, hash); }
            Utf8Formatter.TryFormat((uint)hash, to[at..], out int length, new('x', 8));
            at += length;
        }
        z += 0.5 * Effect(pair);
        to[0] = CounterRandom.Uniform(key, 99) < 1 / (1 + Math.Exp(-z)) ? (byte)'1' : (byte)'0';
        to[at++] = (byte)'\n';
        return at;
    }

    // Uniform in [−√3, √3): mean 0, deviation 1. The upper half of the hash, which the text does not show.
    static double Effect(ulong hash) => (hash >> 32) * (2 * 1.7320508075688772 / 4294967296.0) - 1.7320508075688772;
}
