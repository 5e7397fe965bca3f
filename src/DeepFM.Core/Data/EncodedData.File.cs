using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepFM.Data;

/// <remarks>
/// On disk it is one safetensors file: <c>ids</c> int32 [rows, F], <c>labels</c> float32 [rows], <c>values</c> float32
/// [rows, values], and with bags <c>bag.starts</c> int64 [rows + 1], <c>bag.ids</c> int32 and <c>bag.weights</c> float32.
/// The fields stand as JSON under <c>__metadata__</c>.
/// </remarks>
public sealed unsafe partial class EncodedData
{
    const string FileFormat = "deepfm-encoded-1";

    static readonly JsonSerializerOptions withoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>
    /// Maps a file into memory, however large, and reads through it once: ids lie in their field's range, labels are 0 or 1, numbers and
    /// weights are finite.
    /// </summary>
    /// <remarks>The file must not be changed while it is mapped.</remarks>
    /// <exception cref="UserErrorException">The file is missing, damaged, or no encoded data set.</exception>
    public static EncodedData Open(string path) => Map(path, check: true);

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">False for one that this process wrote itself: it is then not read through.</param>
    internal static EncodedData Map(string path, bool check)
    {
        SafeTensorsFile file = SafeTensorsFile.Open(path);
        try
        {
            EncodedField[] fields = ReadFields(file);
            long rows = file["labels"].ElementCount;
            if (rows > EncodedCheck.MaxRowCount) { throw NotEncoded(path, $"it has {rows} rows, more than {EncodedCheck.MaxRowCount}"); }
            int values = ValuesOf(fields);
            bool hasBags = fields.Any(field => field.Shape == FieldShape.Bag);
            long entries = hasBags ? file["bag.ids"].ElementCount : 0;
            EncodedData data = new(fields, (int)rows, file.Map<float>("labels", rows), file.Map<int>("ids", rows, fields.Length),
                file.Map<float>("values", rows, values), hasBags ? file.Map<long>("bag.starts", rows + 1) : null,
                hasBags ? file.Map<int>("bag.ids", entries) : null, hasBags ? file.Map<float>("bag.weights", entries) : null, file);
            if (check && EncodedCheck.FaultOf(fields, data.Rows, data.RowCount, entries) is { } fault) { throw NotEncoded(path, fault); }
            return data;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes all of it to one file that is there whole or not at all.</summary>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public void Save(string path)
    {
        using Lifetime.Call call = Enter();
        bool hasBags = Rows.BagStarts != null;
        long entries = hasBags ? Rows.BagStarts[RowCount] : 0;
        using SafeTensorsWriter writer = new(path, TensorsOf(Fields, RowCount, entries), MetadataOf(Fields), LongestHeader(Fields));
        if (hasBags) { Write(writer, "bag.starts", Rows.BagStarts, RowCount + 1L); }
        Write(writer, "ids", Rows.AllIds, (long)RowCount * FieldCount);
        Write(writer, "labels", Rows.Labels, RowCount);
        Write(writer, "values", Rows.AllValues, (long)RowCount * ValueCount);
        if (hasBags)
        {
            Write(writer, "bag.ids", Rows.AllBagIds, entries);
            Write(writer, "bag.weights", Rows.AllBagWeights, entries);
        }
        writer.Commit();
    }

    /// <summary>Bytes of the header of as many rows as there can be: all headers are as long, whatever the number of rows.</summary>
    internal static int LongestHeader(IReadOnlyList<EncodedField> fields) =>
        SafeTensorsWriter.HeaderBytes(TensorsOf(fields, int.MaxValue, long.MaxValue / 16), MetadataOf(fields), least: 0).Length;

    /// <summary>The tensors in file order: those of 8-byte elements first, so that all are aligned, then the largest.</summary>
    internal static IReadOnlyList<TensorInfo> TensorsOf(IReadOnlyList<EncodedField> fields, long rows, long bagEntries)
    {
        int values = ValuesOf(fields);
        TensorInfo[] always =
        [
            new("ids", TensorType.I32, [rows, fields.Count]),
            new("labels", TensorType.F32, [rows]),
            new("values", TensorType.F32, [rows, values]),
        ];
        return fields.All(field => field.Shape != FieldShape.Bag) ? always :
        [
            new("bag.starts", TensorType.I64, [rows + 1]),
            .. always,
            new("bag.ids", TensorType.I32, [bagEntries]),
            new("bag.weights", TensorType.F32, [bagEntries]),
        ];
    }

    internal static IReadOnlyDictionary<string, string> MetadataOf(IReadOnlyList<EncodedField> fields) =>
        new Dictionary<string, string>
        {
            ["format"] = FileFormat,
            ["fields"] = JsonSerializer.Serialize(fields.Select(field => new
            {
                name = field.Name,
                shape = field.Shape.ToString(),
                firstId = field.FirstId,
                idCount = field.IdCount,
                pairsWithin = field.PairsWithin ? true : (bool?)null,
            }), withoutNulls),
        };

    static void Write<T>(SafeTensorsWriter writer, string name, T* start, long count)
        where T : unmanaged
    {
        const int piece = 1 << 24;
        for (long at = 0; at < count; at += piece)
        {
            writer.Write(name, new ReadOnlySpan<T>(start + at, (int)Math.Min(piece, count - at)));
        }
    }

    static EncodedField[] ReadFields(SafeTensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault("format") != FileFormat)
        {
            throw NotEncoded(file.Path, $"its format is not '{FileFormat}'");
        }
        try
        {
            using JsonDocument json = JsonDocument.Parse(file.Metadata["fields"]);
            EncodedField[] fields = [.. json.RootElement.EnumerateArray().Select(field => new EncodedField(
                field.GetProperty("name").GetString()!, Enum.Parse<FieldShape>(field.GetProperty("shape").GetString()!),
                field.GetProperty("firstId").GetInt32(), field.GetProperty("idCount").GetInt32(),
                field.TryGetProperty("pairsWithin", out JsonElement pairsWithin) && pairsWithin.GetBoolean()))];
            return EncodedCheck.FaultOf(fields) is { } fault ? throw NotEncoded(file.Path, fault) : fields;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or FormatException or OverflowException)
        {
            throw NotEncoded(file.Path, $"its fields cannot be read ({wrong.Message})");
        }
    }

    static UserErrorException NotEncoded(string path, string what) =>
        new($"{path}: this is not an encoded data set of this kit: {what}. Encode the data again.");
}
