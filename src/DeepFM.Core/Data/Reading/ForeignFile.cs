using System.Buffers.Binary;
using System.Text;

namespace DeepFM.Data.Reading;

/// <summary>Tells what a file is that is no text of rows, by its first bytes, whatever it is called.</summary>
static class ForeignFile
{
    /// <summary>Bytes from the start of a file that are looked at.</summary>
    const int HeadBytes = 512;

    static readonly (byte[] Magic, string What, string Advice)[] Kinds =
    [
        ([0x1F, 0x8B], "a gzip file within a gzip file", Unpack("gzip -d")),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", Unpack("zstd -d")),
        ([0xFD, .. "7zXZ\0"u8], "an xz file", Unpack("xz -d")),
        ([.. "BZh"u8], "a bzip2 file", Unpack("bzip2 -d")),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7z file", Unpack("7z x")),
        ([0x04, 0x22, 0x4D, 0x18], "an lz4 file", Unpack("lz4 -d")),
        ([.. "Rar!"u8], "a rar file", Unpack("unrar x")),
        ([.. "PAR1"u8], "a Parquet file", Export("read_parquet")),
        ([.. "ARROW1"u8], "an Arrow (Feather) file", Export("read_feather")),
        ([.. "FEA1"u8], "a Feather file", Export("read_feather")),
        ([.. "ORC"u8], "an ORC file", Export("read_orc")),
        ([0x89, .. "HDF\r\n"u8], "an HDF5 file", Export("read_hdf")),
        ([.. "SQLite format 3"u8], "an SQLite database", Export("read_sql")),
        ([.. "Obj\u0001"u8], "an Avro file", "Write it as CSV."),
        ([0x93, .. "NUMPY"u8], "a NumPy array", "Write it as CSV, for example with numpy.savetxt."),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook (xls)", SaveSheet),
        ([.. "%PDF"u8], "a PDF file", "Give a text file with one row a line."),
    ];

    const string SaveSheet = "Save the sheet as CSV UTF-8, and give that file.";

    static string Unpack(string command) => $"Unpack it with {command}, and give the file that comes out.";

    static string Export(string reader) => $"Write it as CSV, for example with pandas: {reader}, then to_csv(index=False).";

    /// <summary>Refuses what is no text of rows in UTF-8 or ISO 8859-1.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="text">The first bytes of the file, those of its text when it is compressed by gzip.</param>
    /// <param name="quotes">How cells are quoted; null for not at all.</param>
    /// <exception cref="UserErrorException">It is something else; the message says what, and what to do.</exception>
    public static void RequireText(string path, ReadOnlySpan<byte> text, QuotedRows? quotes)
    {
        ReadOnlySpan<byte> head = text[..Math.Min(text.Length, HeadBytes)];
        if (Find(head) is { } found)
        {
            throw new UserErrorException($"{path}: this is {found.What}. {found.Advice}");
        }
        int carriageReturn = text.IndexOf((byte)'\r');
        if (carriageReturn >= 0 && carriageReturn < text.Length - 1 && !text.Contains((byte)'\n')
            && quotes?.IsQuoted(text, carriageReturn) != true)
        {
            throw new UserErrorException($"{path}: its lines end with a lone CR, as on old Macs. Convert them: tr '\\r' '\\n' < OLD > NEW.");
        }
    }

    static (string What, string Advice)? Find(ReadOnlySpan<byte> head)
    {
        // A header may begin with the letters of some of them; what they mark has bytes that no text has.
        bool isBinary = head.ContainsAnyInRange((byte)0, (byte)8);
        foreach ((byte[] magic, string what, string advice) in Kinds)
        {
            if (head.StartsWith(magic) && (isBinary || !Ascii.IsValid(magic))) { return (what, advice); }
        }
        if (head is [0x80, >= 2 and <= 5, ..]) { return ("a Python pickle", Export("read_pickle")); }
        if (head.StartsWith("PK\u0003\u0004"u8)) { return OfZip(head); }
        if (head.Length > 262 && head[257..].StartsWith("ustar"u8)) { return ("a tar archive", Unpack("tar -xf")); }
        if (head.StartsWith("version https://git-lfs"u8))
        {
            return ("a pointer of Git LFS", "Fetch the file that it stands for: git lfs pull.");
        }
        ReadOnlySpan<byte> start = head.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("[{\""u8) || IsJsonLine(start))
        {
            return ("JSON", Export("read_json(lines=True)"));
        }
        if (StartsWithIgnoringCase(start, "<!doctype") || StartsWithIgnoringCase(start, "<html"))
        {
            return ("a page of HTML", "The download failed: look at the page, and fetch the file itself.");
        }
        return Utf16(head) is { } encoding ? ($"text in {encoding}", $"Convert it to UTF-8: iconv -f {encoding} -t UTF-8 OLD > NEW.") : null;
    }

    static (string What, string Advice) OfZip(ReadOnlySpan<byte> head)
    {
        const int nameAt = 30;
        ReadOnlySpan<byte> name = head.Length > nameAt
            ? head.Slice(nameAt, Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]), head.Length - nameAt))
            : default;
        ReadOnlySpan<byte> content = head[Math.Min(head.Length, nameAt + name.Length)..];
        bool isWorkbook = name.SequenceEqual("[Content_Types].xml"u8) || name.StartsWith("xl/"u8) || name.StartsWith("_rels/"u8)
            || name.StartsWith("docProps/"u8);
        bool isOpenDocument = name.SequenceEqual("mimetype"u8) && content.StartsWith("application/vnd.oasis.opendocument"u8);
        return isWorkbook ? ("an Excel workbook (xlsx)", SaveSheet)
            : isOpenDocument ? ("an OpenDocument file (ods)", SaveSheet)
            : name.EndsWith(".npy"u8) ? ("a file of NumPy arrays (npz)", "Write one array as CSV, for example with numpy.savetxt.")
            : ("a zip archive", Unpack("unzip"));
    }

    /// <summary>UTF-16 by its mark or, without one, by a NUL as every other byte; UTF-32 by its mark.</summary>
    static string? Utf16(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..]) { return "UTF-32"; }
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) { return "UTF-16"; }
        int pairs = head.Length / 2, evenNuls = 0, oddNuls = 0;
        if (pairs < 2) { return null; }
        for (int i = 0; i < 2 * pairs; i += 2)
        {
            if (head[i] == 0) { evenNuls++; }
            if (head[i + 1] == 0) { oddNuls++; }
        }
        // A header and rows of mostly ASCII: nearly all of one half, and none of the other.
        return oddNuls > pairs * 2 / 3 && evenNuls == 0 ? "UTF-16LE"
            : evenNuls > pairs * 2 / 3 && oddNuls == 0 ? "UTF-16BE"
            : null;
    }

    static bool IsJsonLine(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        bool isWhole = end < 0 || text[..end].TrimEnd((byte)' ').EndsWith("}"u8);
        return isWhole && text.StartsWith("{\""u8) && text.IndexOf("\":"u8) > 0;
    }

    static bool StartsWithIgnoringCase(ReadOnlySpan<byte> text, string start) => text.Length >= start.Length
        && Encoding.Latin1.GetString(text[..start.Length]).Equals(start, StringComparison.OrdinalIgnoreCase);
}
