using System.Globalization;
using DeepFM.Data;

namespace DeepFM.Training;

/// <summary>Writes a model's scores of rows that come in pieces, however many there are.</summary>
public static class Prediction
{
    /// <summary>Writes a CSV file with the header <c>probability,logit</c> and one line a row, in the rows' order.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="pieces">Rows; each piece is disposed of after use.</param>
    /// <param name="path">The file, which appears whole or not at all.</param>
    /// <param name="cancel">Stops between pieces.</param>
    /// <returns>Rows written.</returns>
    /// <exception cref="UserErrorException">A score is infinite or not a number.</exception>
    /// <remarks>
    /// The same scores however the rows are cut into pieces. The logit has the shortest digits that give the same float32 back; the
    /// probability σ(logit) is taken in double and written likewise: it rounds to 1 from logits of about 37 on, and to 0 from about
    /// −745 down.
    /// </remarks>
    public static long WriteCsv(Engine engine, IEnumerable<EncodedData> pieces, string path,
        CancellationToken cancel = default)
    {
        long rows = 0;
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("probability,logit");
            foreach (ReadOnlyMemory<float> logits in PieceScores.Of(engine, pieces, null, cancel))
            {
                WriteLines(writer, logits.Span);
                rows += logits.Length;
            }
        });
        return rows;
    }

    static void WriteLines(StreamWriter writer, ReadOnlySpan<float> logits)
    {
        Span<char> text = stackalloc char[64];
        foreach (float logit in logits)
        {
            Probability(logit).TryFormat(text, out int count, default, CultureInfo.InvariantCulture);
            writer.Write(text[..count]);
            writer.Write(',');
            logit.TryFormat(text, out count, default, CultureInfo.InvariantCulture);
            writer.WriteLine(text[..count]);
        }
    }

    // σ(z) from an exponential that cannot overflow.
    static double Probability(double z)
    {
        double t = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : t) / (1 + t);
    }
}
