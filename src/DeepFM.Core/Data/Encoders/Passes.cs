using System.Collections.Concurrent;
using DeepFM.Data.Reading;
using DeepFM.Doubts;

namespace DeepFM.Data.Encoders;

/// <summary>
/// The two passes over text: one counts the training rows, one encodes all rows. Neither keeps rows in memory.
/// </summary>
/// <remarks>
/// Both take rows in groups and each group field by field, so that one field's table is looked up many times in a row and
/// its cache misses overlap. Where a group has several errors, the first row's is reported.
/// </remarks>
static class Passes
{
    /// <summary>Fits all fields to the rows of part 0.</summary>
    /// <exception cref="UserErrorException">A row cannot be read, or part 0 has none.</exception>
    public static FeatureMap Fit(Schema schema, RowSource source, RowPartition partition, ReadOptions options)
    {
        LabelReader label = new(schema);
        FieldFitter[] fitters = [.. schema.Fields.Select(field => EncoderFactory.CreateFitter(schema, field))];
        long[] rows = new long[partition.PartCount];
        long positives = 0;
        CountingRoom room = new(fitters, options.Memory);
        JoinTally joins = new(schema.Joins, partition.PartCount);
        foreach ((long[] blockRows, long blockPositives) in
            OrderedParallel.Run(new BlockReader(source, options, "fit").Read(), options.Threads, FitBlock))
        {
            for (int part = 0; part < rows.Length; part++) { rows[part] += blockRows[part]; }
            positives += blockPositives;
            room.Require(schema);
        }
        if (rows[0] == 0)
        {
            throw new UserErrorException("The training part has no rows. Give it a larger share of the split.");
        }

        long tableBytes = fitters.Sum(fitter => fitter.TableBytes);
        List<FieldEncoder> encoders = [];
        long firstId = 0;
        foreach (FieldFitter fitter in OrderedParallel.Run(fitters, options.Threads, Completed))
        {
            encoders.Add(fitter.Build((int)firstId));
            options.Progress?.Report(new("number ids", encoders.Count, fitters.Length));
            firstId += encoders[^1].Field.IdCount;
            if (firstId > int.MaxValue)
            {
                throw new UserErrorException(
                    $"The fields have more than {int.MaxValue} ids together. Raise 'minCount' in the schema.");
            }
        }
        return new(schema, encoders, rows[0], positives) { CountTableBytes = tableBytes, RowsOfParts = rows, Joins = joins };

        static FieldFitter Completed(FieldFitter fitter)
        {
            fitter.Complete();
            return fitter;
        }

        (long[] Rows, long Positives) FitBlock(TextBlock block)
        {
            long[] blockRows = new long[partition.PartCount];
            long blockPositives = 0;
            int[] parts = new int[RowReader.GroupSize];
            using (block)
            {
                RowReader group = new(source, block);
                while (group.Next())
                {
                    try
                    {
                        partition.Assign(group, parts);
                        joins.Add(group, parts);
                        group.Select(parts, 0);
                        foreach (int part in parts.AsSpan(0, group.Count)) { blockRows[part]++; }
                        foreach (int row in group.Selected)
                        {
                            group.Row = row;
                            blockPositives += (long)label.Read(group);
                        }
                        AddToAll(group);
                    }
                    catch (UserErrorException)
                    {
                        ThrowFirst(group);
                        throw;
                    }
                }
            }
            return (blockRows, blockPositives);
        }

        // All threads share the fitters: no copies to merge. They begin at different fields and seldom wait for each other.
        void AddToAll(RowReader group)
        {
            int first = Environment.CurrentManagedThreadId * 7;
            for (int i = 0; i < fitters.Length; i++)
            {
                FieldFitter fitter = fitters[(first + i) % fitters.Length];
                lock (fitter) { fitter.AddSelected(group); }
            }
        }

        void ThrowFirst(RowReader group)
        {
            for (int row = 0; row < group.Count; row++)
            {
                group.SelectOne(row);
                if (partition.PartOf(group) != 0) { continue; }
                label.Read(group);
                foreach (FieldFitter fitter in fitters)
                {
                    lock (fitter) { fitter.Add(group); }
                }
            }
        }
    }

    /// <summary>
    /// Encodes the rows block by block, in file order; each result holds one builder a part, to be disposed of.
    /// </summary>
    /// <param name="features">The encodings.</param>
    /// <param name="source">The rows.</param>
    /// <param name="partition">Tells them into parts.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="joins">Told which keys joined tables have; null for rows of which that is known.</param>
    /// <exception cref="UserErrorException">A row cannot be read.</exception>
    public static IEnumerable<EncodedBlock> Encode(FeatureMap features, RowSource source,
        RowPartition partition, ReadOptions options, JoinTally? joins)
    {
        LabelReader? label = source.ReadLabels ? new(features.Schema) : null;
        GroupEncoder encoder = new([.. features.Encoders], label);
        ConcurrentBag<EncodedDataBuilder[]> used = [];       // memory that the system need not clear again
        try
        {
            foreach (EncodedBlock block in
                OrderedParallel.Run(new BlockReader(source, options, "encode", hashes: true).Read(), options.Threads, EncodeBlock))
            {
                yield return block;
            }
        }
        finally
        {
            foreach (EncodedDataBuilder part in used.SelectMany(parts => parts)) { part.Dispose(); }
        }

        EncodedBlock EncodeBlock(TextBlock block)
        {
            EncodedBlock encoded = new(features.Fields, partition.PartCount, used);
            int[] parts = new int[RowReader.GroupSize];
            try
            {
                using (block)
                {
                    RowReader group = new(source, block);
                    while (group.Next())
                    {
                        try
                        {
                            partition.Assign(group, parts);
                            joins?.Add(group, parts);
                            for (int part = 0; part < partition.PartCount; part++)
                            {
                                group.Select(parts, part);
                                encoder.Encode(group, encoded.Parts[part]);
                            }
                            encoded.Keep(group, source.KeptSlots);
                        }
                        catch (UserErrorException)
                        {
                            ThrowFirst(group);
                            throw;
                        }
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

        void ThrowFirst(RowReader group)
        {
            using EncodedDataBuilder unused = new(features.Fields);
            for (int row = 0; row < group.Count; row++)
            {
                group.SelectOne(row);
                partition.PartOf(group);
                encoder.Encode(group, unused);
            }
        }
    }
}

/// <summary>Encodes the selected rows of a group.</summary>
sealed class GroupEncoder(FieldEncoder[] encoders, LabelReader? label)
{
    // Values and bags are stored row by row, so they are taken so.
    readonly int[] rowwise = [.. Enumerable.Range(0, encoders.Length).Where(f => encoders[f].Field.Shape != FieldShape.OneId)];

    /// <exception cref="UserErrorException">A cell does not hold what its field needs.</exception>
    public unsafe void Encode(RowReader group, EncodedDataBuilder to)
    {
        int F = encoders.Length;
        int* ids = to.Ids.Extend((long)group.Selected.Length * F);      // [rows, F]
        for (int f = 0; f < F; f++)
        {
            if (encoders[f].Field.Shape == FieldShape.OneId) { encoders[f].EncodeSelected(group, ids + f, F, to); }
        }
        foreach (int row in group.Selected)
        {
            group.Row = row;
            long bagEntries = to.BagIds.Count;
            foreach (int f in rowwise) { ids[f] = encoders[f].Encode(group, to); }
            to.EndRow(label?.Read(group) ?? 0, bagEntries);
            ids += F;
        }
    }
}

/// <summary>The encoded rows of one block of text, by part; disposed of, their memory goes to the next one.</summary>
sealed class EncodedBlock(IReadOnlyList<EncodedField> fields, int partCount, ConcurrentBag<EncodedDataBuilder[]> used) : IDisposable
{
    public EncodedDataBuilder[] Parts { get; } = used.TryTake(out EncodedDataBuilder[]? parts)
        ? parts
        : [.. Enumerable.Range(0, partCount).Select(_ => new EncodedDataBuilder(fields))];

    /// <summary>Columns kept as text; null when there are none. They are of the rows of the only part.</summary>
    public KeptCells? Kept { get; private set; }

    /// <summary>Keeps columns of the selected rows.</summary>
    public void Keep(RowReader group, IReadOnlyList<int> slots)
    {
        if (slots.Count == 0) { return; }
        Kept ??= new(slots.Count);
        foreach (int row in group.Selected)
        {
            group.Row = row;
            Kept.Add(group, slots);
        }
    }

    public void Dispose()
    {
        if (Array.TrueForAll(Parts, part => part.TryClear())) { used.Add(Parts); }
        else { Array.ForEach(Parts, part => part.Dispose()); }
    }
}
