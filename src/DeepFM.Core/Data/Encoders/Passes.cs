using System.Collections.Concurrent;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>
/// The two passes over text: one counts the training rows, one encodes all rows. Neither keeps rows in memory.
/// </summary>
static class Passes
{
    /// <summary>Fits all fields to the rows of part 0.</summary>
    /// <exception cref="UserErrorException">A row cannot be read, or part 0 has none.</exception>
    public static FeatureMap Fit(Schema schema, RowSource source, RowPartition partition, ReadOptions options)
    {
        LabelReader label = new(schema);
        ConcurrentBag<FieldFitter[]> idle = [];             // as many as blocks were under way at a time
        long rows = 0, positives = 0;
        foreach ((long blockRows, long blockPositives) in
            OrderedParallel.Run(new BlockReader(source, options, "fit").Read(), options.Threads, FitBlock))
        {
            rows += blockRows;
            positives += blockPositives;
        }
        if (rows == 0)
        {
            throw new UserErrorException("The training part has no rows. Give it a larger share of the split.");
        }

        FieldFitter[] all = idle.Aggregate((sum, other) =>
        {
            for (int f = 0; f < sum.Length; f++) { sum[f].Merge(other[f]); }
            return sum;
        });
        List<FieldEncoder> encoders = [];
        long firstId = 0;
        foreach (FieldFitter fitter in all)
        {
            encoders.Add(fitter.Build((int)firstId));
            firstId += encoders[^1].Field.IdCount;
            if (firstId > int.MaxValue)
            {
                throw new UserErrorException(
                    $"The fields have more than {int.MaxValue} ids together. Raise 'minCount' in the schema.");
            }
        }
        return new(schema, encoders, rows, positives);

        (long Rows, long Positives) FitBlock(TextBlock block)
        {
            if (!idle.TryTake(out FieldFitter[]? fitters))
            {
                fitters = [.. schema.Fields.Select(field => EncoderFactory.CreateFitter(schema, field))];
            }
            long blockRows = 0, blockPositives = 0;
            using (block)
            {
                RowReader row = new(source, block);
                while (row.Next())
                {
                    if (partition.PartOf(row) != 0) { continue; }
                    blockPositives += (long)label.Read(row);
                    blockRows++;
                    foreach (FieldFitter fitter in fitters) { fitter.Add(row); }
                }
            }
            foreach (FieldFitter fitter in fitters) { fitter.EndBlock(block.Index); }
            idle.Add(fitters);
            return (blockRows, blockPositives);
        }
    }

    /// <summary>
    /// Encodes the rows block by block, in file order; each result holds one builder a part, to be disposed of.
    /// </summary>
    /// <exception cref="UserErrorException">A row cannot be read.</exception>
    public static IEnumerable<EncodedBlock> Encode(FeatureMap features, RowSource source,
        RowPartition partition, ReadOptions options)
    {
        LabelReader? label = source.ReadLabels ? new(features.Schema) : null;
        FieldEncoder[] encoders = [.. features.Encoders];
        return OrderedParallel.Run(new BlockReader(source, options, "encode").Read(), options.Threads, EncodeBlock);

        EncodedBlock EncodeBlock(TextBlock block)
        {
            EncodedBlock encoded = new(features.Fields, partition.PartCount);
            try
            {
                using (block)
                {
                    RowReader row = new(source, block);
                    while (row.Next())
                    {
                        EncodedDataBuilder to = encoded.Parts[partition.PartOf(row)];
                        long bagEntries = to.BagIds.Count;
                        foreach (FieldEncoder encoder in encoders) { encoder.Encode(row, to); }
                        to.EndRow(label?.Read(row) ?? 0, bagEntries);
                    }
                }
                return encoded;
            }
            catch
            {
                encoded.Dispose();
                throw;
            }
        }
    }
}

/// <summary>The encoded rows of one block of text, by part.</summary>
sealed class EncodedBlock(IReadOnlyList<EncodedField> fields, int partCount) : IDisposable
{
    public EncodedDataBuilder[] Parts { get; } =
        [.. Enumerable.Range(0, partCount).Select(_ => new EncodedDataBuilder(fields))];

    public void Dispose()
    {
        foreach (EncodedDataBuilder part in Parts) { part.Dispose(); }
    }
}
