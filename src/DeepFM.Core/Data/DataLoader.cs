using DeepFM.Data.Encoders;
using DeepFM.Data.Reading;
using DeepFM.Doubts;

namespace DeepFM.Data;

/// <summary>Loads files as encoded data: fits the encodings on training rows, then encodes all rows.</summary>
public static class DataLoader
{
    static readonly string[] Names = ["train", "valid", "test"];

    /// <summary>Reads the training files twice (three times for a split by time) and the others once.</summary>
    /// <exception cref="UserErrorException">A file, a row or the request is wrong; the message says where.</exception>
    public static DataSplits Load(DataRequest request,
        IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        ReadOptions options = new(ReadOptions.ThreadsFor(request.Threads), request.BlockBytes, progress, cancel)
        {
            Memory = request.Memory,
        };
        int[] roles = Roles(request);
        if (request.EncodedFolder is { } folder)
        {
            AtomicFile.RequireFolder(folder);
            Unfinished.Sweep(folder);
        }
        RowSource training = RowSource.Open(request.Schema, request.TrainFiles, readLabels: true, options);
        foreach (string file in request.ValidFiles.Concat(request.TestFiles)) { InputFile.RequireFile(file); }
        EncodedData?[] parts = new EncodedData?[3];
        (JoinTally Tally, int Part)[] joins = new (JoinTally, int)[3];
        FeatureMap features;
        try
        {
            RowPartition partition = request.Split switch
            {
                null => new OnePart(),
                { Kind: SplitKind.Random } split => new RandomPartition(split.Fractions, request.Seed),
                { } split => TimePartition.Fit(request.Schema, training, split.Fractions, options),
            };
            features = Passes.Fit(request.Schema, training, partition, options);
            EncodedSize[] sizes = [.. features.RowsOfParts.Select(rows => EncodedSize.Of(features, rows))];
            EncodedSize valid = EncodedSize.Of(features, request.ValidFiles, request.TrainFiles);
            EncodedSize test = EncodedSize.Of(features, request.TestFiles, request.TrainFiles);
            RequireRoom(request, [.. sizes, valid, test]);
            EncodedData[] encoded = Encode(request, features, training, partition, [.. roles.Select(role => Names[role])], sizes, options);
            for (int i = 0; i < roles.Length; i++)
            {
                parts[roles[i]] = encoded[i];
                joins[roles[i]] = (features.Joins, i);
            }
            options.Notices.AddRange(training.Times.Sentences("training"));
            LoadFiles(1, "validation", request.ValidFiles, valid);
            LoadFiles(2, "test", request.TestFiles, test);
            options.Files.RequireUnchanged();
            DataSplits splits = new()
            {
                Train = parts[0]!,
                Valid = parts[1],
                Test = parts[2],
                Features = features,
                SplitDescription = Describe(request, roles),
                Digest = DataDigest.Compute(request, options.Files),
                Notices = options.Notices,
            };
            splits.Notices.AddRange(SameFiles.Find(request, options.Files.HashOf));
            splits.Notices.AddRange(DataDoubts.Of(splits, joins));
            return splits;
        }
        catch (Exception failed)
        {
            foreach (EncodedData? part in parts) { part?.Dispose(); }
            if (failed is UserErrorException) { options.Files.RequireUnchanged(); }     // a file that changes looks like one with faults
            throw;
        }

        void LoadFiles(int role, string name, IReadOnlyList<string> files, EncodedSize size)
        {
            if (files.Count == 0) { return; }
            RowSource source = RowSource.Open(request.Schema, files, readLabels: true, options);
            joins[role] = (new(request.Schema.Joins, 1), 0);
            parts[role] = Encode(request, features, source, new OnePart(), [Names[role]], [size], options, joins[role].Tally)[0];
            options.Notices.AddRange(source.Times.Sentences(name));
        }
    }

    /// <summary>The split in words, as <see cref="DataSplits.SplitDescription"/> will have it, without reading anything.</summary>
    /// <exception cref="UserErrorException">The split and the files given do not go together.</exception>
    public static string SplitDescriptionOf(DataRequest request) => Describe(request, Roles(request));

    /// <summary>Rows, positive rate, and what each field looks like.</summary>
    /// <param name="schema">What the files look like.</param>
    /// <param name="files">The files to describe; they are taken as training data.</param>
    /// <param name="otherFiles">Files to compare with them: which share of their rows has no id of its own.</param>
    /// <param name="topCount">How many of the most frequent values of a field to list.</param>
    /// <param name="threads">Threads that parse; 0 for one a core.</param>
    /// <param name="progress">Told after each block of text.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    /// <exception cref="UserErrorException">A file or a row is wrong; the message says where.</exception>
    public static DataDescription Describe(Schema schema, IReadOnlyList<string> files, IReadOnlyList<string>? otherFiles = null,
        int topCount = 5, int threads = 0, IProgress<DataProgress>? progress = null, CancellationToken cancel = default)
    {
        ReadOptions options = new(ReadOptions.ThreadsFor(threads), Progress: progress, Cancel: cancel) { HashesAll = true };
        RowSource source = RowSource.Open(schema, files, readLabels: true, options);
        FeatureMap features = options.Files.Watch(() => Passes.Fit(schema, source, new OnePart(), options));
        otherFiles ??= [];
        DataDescription description = DescriptionBuilder.Build(features,
            otherFiles.Count > 0 ? features.Read(otherFiles, readLabels: false, options, "test") : [], topCount);
        return description with
        {
            Notices =
            [
                .. SameFiles.Find([("training", files), ("test", otherFiles)], options.Files.HashOf),
                .. source.Times.Sentences("training"),
                .. DataDoubts.OfDescribed(features),
                .. options.Notices,
            ],
        };
    }

    // All that will be encoded, before any of it is: what does not fit would end the process hours later.
    static void RequireRoom(DataRequest request, IReadOnlyList<EncodedSize> sizes)
    {
        double bytes = sizes.Sum(size => size.Bytes);
        string what = FormattableString.Invariant($"{sizes.Sum(size => size.Rows):N0} encoded rows");
        if (request.EncodedFolder is { } folder)
        {
            FreeDisk.Require(folder, bytes, what, request.Disk(folder), "Choose another disk, or take fewer rows.");
        }
        else
        {
            AvailableMemory.Require(bytes, what, "Give --encoded DIR, which keeps them in files, or take fewer rows.", request.Memory());
        }
    }

    /// <summary>The roles (0 train, 1 valid, 2 test) that the split of the training files fills, in order.</summary>
    static int[] Roles(DataRequest request)
    {
        bool hasValid = request.ValidFiles.Count > 0, hasTest = request.TestFiles.Count > 0;
        if (request.Split is not { } split) { return [0]; }
        if (split.Fractions.Count == 3)
        {
            return !hasValid && !hasTest ? [0, 1, 2] : throw new UserErrorException(
                "The split has three shares, so validation and test rows come from the training files; "
                + "leave out the validation and test files, or give two shares.");
        }
        return !hasTest ? [0, 2] : !hasValid ? [0, 1] : throw new UserErrorException(
            "Validation and test files are given, so nothing is left to split off. Leave the split out.");
    }

    static string Describe(DataRequest request, int[] roles)
    {
        string[] files = [request.ValidFiles.Count > 0 ? "validation" : "", request.TestFiles.Count > 0 ? "test" : ""];
        string given = string.Join(" and ", files.Where(name => name.Length > 0));
        if (request.Split is null) { return given.Length > 0 ? "given files" : "given files, training only"; }
        string into = roles.Length == 3 ? "" : roles[1] == 1 ? " (training, validation)" : " (training, test)";
        return request.Split.Describe(request.Seed) + into + (given.Length > 0 ? $"; {given} as given" : "");
    }

    static EncodedData[] Encode(DataRequest request, FeatureMap features, RowSource source, RowPartition partition,
        string[] names, EncodedSize[] sizes, ReadOptions options, JoinTally? joins = null)
    {
        List<IEncodedSink> sinks = [];
        try
        {
            foreach ((string name, EncodedSize size) in names.Zip(sizes))
            {
                sinks.Add(request.EncodedFolder is { } folder
                    ? new FileSink(Path.Combine(folder, name + ".safetensors"), features.Fields)
                    : new MemorySink(features.Fields, size.Rows, size.BagEntries));
            }
            long[] rows = new long[names.Length];
            foreach (EncodedBlock block in Passes.Encode(features, source, partition, options, joins))
            {
                using (block)
                {
                    for (int part = 0; part < names.Length; part++)
                    {
                        rows[part] += block.Parts[part].RowCount;
                        sinks[part].Append(block.Parts[part]);
                    }
                }
            }
            int empty = Array.IndexOf(rows, 0);
            if (empty >= 0)
            {
                throw new UserErrorException($"The part '{names[empty]}' of {string.Join(", ", source.Files)} has no rows. "
                    + "Give it a larger share of the split, or more data.");
            }
            if (request.EncodedFolder is not null) { options.Progress?.Report(new("write", 0, 0)); }
            return [.. sinks.Select(sink => sink.Finish())];
        }
        finally
        {
            foreach (IEncodedSink sink in sinks) { sink.Dispose(); }
        }
    }
}
