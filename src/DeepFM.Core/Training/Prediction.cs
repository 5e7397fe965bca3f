using System.Globalization;
using DeepFM.Data;
using DeepFM.Data.Reading;
using DeepFM.Doubts;

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
        return Write(engine, pieces, path, new(), cancel);
    }

    /// <summary>Reads files and writes a CSV file with one line a row: what <paramref name="lines"/> asks for, then probability and logit.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="features">Its encodings.</param>
    /// <param name="files">Files with or without labels, which are not read.</param>
    /// <param name="path">The file, which appears whole or not at all.</param>
    /// <param name="lines">What stands before the score.</param>
    /// <param name="threads">Threads that parse; 0 for one a core.</param>
    /// <param name="progress">Told after each block of text.</param>
    /// <param name="notices">Gets what reading finds doubtful.</param>
    /// <param name="cancel">Stops between pieces.</param>
    /// <exception cref="UserErrorException">A file or a row cannot be read, or a score is infinite or not a number.</exception>
    public static ScoredRows WriteCsv(Engine engine, FeatureMap features, IReadOnlyList<string> files, string path, ScoreLines? lines = null,
        int threads = 0, IProgress<DataProgress>? progress = null, NoticeSet? notices = null, CancellationToken cancel = default)
    {
        lines ??= new();
        ReadOptions options = new(ReadOptions.ThreadsFor(threads), Progress: progress, Cancel: cancel)
        {
            Notices = notices ?? [],
            Kept = lines.KeptColumns,
            Skipped = new(),
        };
        long rows = Write(engine, features.Read(files, readLabels: false, options, "given"), path, lines, cancel);
        return new(rows, options.Skipped.Blank, options.Skipped.Comments);
    }

    static long Write(Engine engine, IEnumerable<EncodedData> pieces, string path, ScoreLines lines, CancellationToken cancel)
    {
        long rows = 0;
        Queue<KeptCells> kept = [];     // of pieces whose rows are not all written: scores wait for whole tiles
        int keptRow = 0;
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine($"{lines.Header}probability,logit");
            foreach (ReadOnlyMemory<float> logits in PieceScores.Of(engine, pieces, Note, cancel))
            {
                foreach (float logit in logits.Span)
                {
                    if (kept.TryPeek(out KeptCells? cells) && keptRow == cells.RowCount)
                    {
                        kept.Dequeue();
                        keptRow = 0;
                    }
                    lines.WriteStart(writer, rows++, kept.TryPeek(out cells) ? cells : null, keptRow++);
                    WriteScore(writer, logit);
                }
            }
        });
        return rows;

        void Note(EncodedData piece)
        {
            if (piece.Kept is { } cells) { kept.Enqueue(cells); }
        }
    }

    static void WriteScore(StreamWriter writer, float logit)
    {
        Span<char> text = stackalloc char[64];
        Probability(logit).TryFormat(text, out int count, default, CultureInfo.InvariantCulture);
        writer.Write(text[..count]);
        writer.Write(',');
        logit.TryFormat(text, out count, default, CultureInfo.InvariantCulture);
        writer.WriteLine(text[..count]);
    }

    // σ(z) from an exponential that cannot overflow.
    static double Probability(double z)
    {
        double t = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : t) / (1 + t);
    }
}
