using System.Buffers.Text;
using DeepFM.Data;
using DeepFM.Numerics;

namespace DeepFM.Speed;

/// <summary>Generated text in the form of the Criteo Display Advertising data, and the kit's schema for it.</summary>
/// <remarks>
/// Label, 13 numbers and 26 categories of 8 hexadecimal digits, separated by tabs; a missing cell is empty. Shares of
/// missing cells and numbers of values are about those of the 45,840,617 training rows.
/// </remarks>
static class CriteoText
{
    const int LongestRow = 512;         // bytes; 40 cells of at most 11 and a separator are less

    // Of I1 … I13: share of missing cells in percent, and the mean of those that are there.
    static readonly (int Missing, int Mean)[] numbers =
    [
        (45, 4), (0, 106), (22, 27), (22, 7), (3, 18_539), (22, 116), (4, 16), (0, 13), (4, 106), (45, 1), (4, 3),
        (77, 1), (22, 8),
    ];

    // Of C1 … C26: share of missing cells in percent, and the number of values.
    static readonly (int Missing, int Values)[] categories =
    [
        (0, 1_460), (0, 583), (3, 10_131_227), (3, 2_202_608), (0, 305), (12, 24), (0, 12_517), (0, 633), (0, 3),
        (0, 93_145), (0, 5_683), (3, 8_351_593), (0, 3_194), (0, 27), (0, 14_992), (3, 5_461_306), (0, 10), (0, 5_652),
        (44, 2_173), (44, 4), (3, 7_046_547), (76, 18), (0, 15), (3, 286_181), (44, 105), (44, 142_572),
    ];

    /// <summary>The schema <c>data/schemas/criteo.json</c>.</summary>
    public static Schema Schema
    {
        get
        {
            using Stream stream = typeof(CriteoText).Assembly.GetManifestResourceStream("criteo.json")!;
            using StreamReader reader = new(stream);
            return Schema.Parse(reader.ReadToEnd(), "criteo.json");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Overwritten.</param>
    /// <param name="rowCount">Number of lines.</param>
    /// <param name="cancel">Stops between two rows.</param>
    public static void Write(string path, int rowCount, CancellationToken cancel)
    {
        using FileStream file = File.Create(path);
        byte[] buffer = new byte[1 << 20];
        int at = 0;
        for (int row = 0; row < rowCount; row++)
        {
            if (buffer.Length - at < LongestRow)
            {
                cancel.ThrowIfCancellationRequested();
                file.Write(buffer, 0, at);
                at = 0;
            }
            at += WriteRow(buffer.AsSpan(at), CounterRandom.Key(1, (ulong)row));
        }
        file.Write(buffer, 0, at);
    }

    static int WriteRow(Span<byte> to, ulong key)
    {
        ulong draw = 0;
        int at = 0;
        to[at++] = CounterRandom.Uniform(key, draw++) < 0.256f ? (byte)'1' : (byte)'0';
        foreach ((int missing, int mean) in numbers)
        {
            to[at++] = (byte)'\t';
            float u = CounterRandom.Uniform(key, draw++);
            if (CounterRandom.Below(key, draw++, 100) < missing) { continue; }
            // Exponential, in whole numbers.
            Utf8Formatter.TryFormat((int)(-MathF.Log(1 - u) * mean), to[at..], out int length);
            at += length;
        }
        for (int c = 0; c < categories.Length; c++)
        {
            (int missing, int values) = categories[c];
            to[at++] = (byte)'\t';
            float u = CounterRandom.Uniform(key, draw++);
            if (CounterRandom.Below(key, draw++, 100) < missing) { continue; }
            ulong hash = CounterRandom.Bits((ulong)c, (ulong)(u * u * u * u * values));
            Utf8Formatter.TryFormat((uint)hash, to[at..], out int length, new('x', 8));
            at += length;
        }
        to[at++] = (byte)'\n';
        return at;
    }
}
