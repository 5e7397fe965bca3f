using DeepFM.Data.Encoders;
using DeepFM.Data.Reading;

namespace DeepFM.Data;

/// <summary>How large encoded rows will be: known once the training files were read for the first time.</summary>
/// <param name="Rows">Rows of a part.</param>
/// <param name="BagEntries">Entries of all their bags, about.</param>
/// <param name="Bytes">Memory, or file, that they take.</param>
readonly record struct EncodedSize(long Rows, long BagEntries, double Bytes)
{
    /// <summary>The size of so many rows, with bags as long as those of the rows that were fitted.</summary>
    public static EncodedSize Of(FeatureMap features, long rows)
    {
        FieldEncoder[] bags = [.. features.Encoders.Where(encoder => encoder.Field.Shape == FieldShape.Bag)];
        double entriesPerRow = bags.Sum(bag => Enumerable.Range(0, bag.Field.IdCount).Sum(id => bag.TrainingCount(id)))
            / (double)features.TrainingRowCount;
        int values = features.Fields.Count(field => field.Shape == FieldShape.Value);
        double bytesPerRow = sizeof(float) * (1 + features.Fields.Count + values)
            + (bags.Length == 0 ? 0 : sizeof(long) + sizeof(int) + 2 * sizeof(float) * entriesPerRow);
        return new(rows, (long)(rows * entriesPerRow), rows * bytesPerRow);
    }

    /// <summary>The size of files that were not read yet, by their length beside that of the training files.</summary>
    public static EncodedSize Of(FeatureMap features, IEnumerable<string> files, IEnumerable<string> trainFiles)
    {
        double share = Length(files) / Math.Max(1, Length(trainFiles));
        return Of(features, (long)(share * features.RowsOfParts.Sum()));

        static double Length(IEnumerable<string> files) => files.Sum(file => (double)InputFile.LengthOf(file));
    }
}
