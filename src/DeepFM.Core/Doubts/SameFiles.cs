using DeepFM.Data;

namespace DeepFM.Doubts;

/// <summary>The same bytes in two parts: then figures show what was learned by heart.</summary>
static class SameFiles
{
    /// <param name="request">The files.</param>
    /// <param name="hashOf">The hash of a file's bytes.</param>
    public static IEnumerable<string> Find(DataRequest request, Func<string, byte[]> hashOf) =>
        Find([("training", request.TrainFiles), ("validation", request.ValidFiles), ("test", request.TestFiles)], hashOf);

    /// <param name="parts">The files of each part.</param>
    /// <param name="hashOf">The hash of a file's bytes.</param>
    public static IEnumerable<string> Find(IEnumerable<(string Name, IReadOnlyList<string> Files)> parts, Func<string, byte[]> hashOf)
    {
        List<(string Part, string File, string Hash)> seen = [];
        foreach ((string part, IReadOnlyList<string> files) in parts)
        {
            foreach (string file in files)
            {
                string hash = Convert.ToHexString(hashOf(file));
                if (seen.Find(other => other.Hash == hash) is { File: { } first } same) { yield return Sentence(same.Part, first, part, file); }
                seen.Add((part, file, hash));
            }
        }
    }

    static string Sentence(string firstPart, string first, string part, string file)
    {
        string files = first == file ? $"{file} is given twice" : $"{file} has the same bytes as {first}";
        return part == firstPart
            ? $"{files}, both times for {part}: each of its rows counts twice. Leave one out."
            : $"{files}, for {firstPart} and for {part}: "
                + (firstPart == "training" ? $"figures on {part} rows show what was learned by heart, not how the model does on new rows"
                    : $"the epoch was chosen on the {part} rows, so their figures are too good")
                + $". Give other rows for {part}, or --split.";
    }
}
