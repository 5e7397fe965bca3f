using System.IO.Compression;
using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>Files that are no text are told by what they are, whatever they are called.</summary>
public class ForeignFileTests
{
    static readonly Schema Texts = Small.OfX("\"kind\": \"categorical\"", """ "format": "csv", "header": true """);
    const string Rows = "y,x\n1,a\n0,b\n1,a\n0,b\n";

    [Theory]
    [InlineData("28B52FFD2408", "a zstd file. Unpack it with zstd -d, and give the file that comes out.")]
    [InlineData("FD377A585A0000", "an xz file. Unpack it with xz -d, and give the file that comes out.")]
    [InlineData("425A6839314159265359000102", "a bzip2 file. Unpack it with bzip2 -d, and give the file that comes out.")]
    [InlineData("377ABCAF271C", "a 7z file.")]
    [InlineData("04224D186440", "an lz4 file.")]
    [InlineData("504152311504", "a Parquet file. Write it as CSV, for example with pandas: read_parquet, then to_csv(index=False).")]
    [InlineData("4152524F57310000", "an Arrow (Feather) file.")]
    [InlineData("894844460D0A1A0A", "an HDF5 file.")]
    [InlineData("53514C69746520666F726D6174203300", "an SQLite database.")]
    [InlineData("D0CF11E0A1B11AE1", "an Excel workbook (xls). Save the sheet as CSV UTF-8, and give that file.")]
    [InlineData("80049510", "a Python pickle.")]
    [InlineData("FFFE790000002C00", "text in UTF-16")]
    public void Magic(string hex, string message) => Assert.StartsWith(
        $"train.txt: this is {message}", Message(Convert.FromHexString(hex)), StringComparison.Ordinal);

    [Theory]
    [InlineData("data.csv", "a zip archive. Unpack it with unzip, and give the file that comes out.")]
    [InlineData("[Content_Types].xml", "an Excel workbook (xlsx). Save the sheet as CSV UTF-8, and give that file.")]
    [InlineData("xl/workbook.xml", "an Excel workbook (xlsx).")]
    [InlineData("x.npy", "a file of NumPy arrays (npz).")]
    public void Zip(string entry, string message)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (StreamWriter writer = new(zip.CreateEntry(entry).Open())) { writer.Write(Rows); }
        Assert.StartsWith($"train.txt: this is {message}", Message(stream.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>A notebook, a shell of Windows, Excel's "Unicode text": with a mark or without.</summary>
    [Theory]
    [InlineData(false, false, "UTF-16LE"), InlineData(true, false, "UTF-16BE"), InlineData(false, true, "UTF-16"), InlineData(true, true, "UTF-16")]
    public void Utf16(bool bigEndian, bool hasMark, string name)
    {
        UnicodeEncoding encoding = new(bigEndian, hasMark);
        Assert.Equal($"train.txt: this is text in {name}. Convert it to UTF-8: iconv -f {name} -t UTF-8 OLD > NEW.",
            Message([.. encoding.GetPreamble(), .. encoding.GetBytes(Rows)]));
    }

    [Fact]
    public void WhatAGzipFileHolds_IsLookedAtToo()
    {
        Assert.Equal("train.txt: this is a gzip file within a gzip file. Unpack it with gzip -d, and give the file that comes out.",
            Message(Gzip(Gzip(Encoding.UTF8.GetBytes(Rows)))));
        byte[] tar = new byte[1024];
        "data.csv"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Equal("train.txt: this is a tar archive. Unpack it with tar -xf, and give the file that comes out.", Message(Gzip(tar)));
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<html>", "a page of HTML. The download failed: look at the page, and fetch the file itself.")]
    [InlineData("{\"y\": 1, \"x\": \"a\"}\n{\"y\": 0}\n", "JSON. Write it as CSV, for example with pandas: read_json(lines=True), then to_csv(index=False).")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS. Fetch the file that it stands for: git lfs pull.")]
    public void WhatADownloadLeaves(string text, string message) =>
        Assert.Equal($"train.txt: this is {message}", Message(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void LoneCarriageReturns() => Assert.Equal(
        @"train.txt: its lines end with a lone CR, as on old Macs. Convert them: tr '\r' '\n' < OLD > NEW.",
        Message("y,x\r1,a\r0,b\r"u8.ToArray()));

    /// <summary>Names of columns may begin as a magic number does, cells may hold a NUL or a CR, and a last line may end with one.</summary>
    [Theory]
    [InlineData("ORCID,y,x\n1,1,a\n2,0,b\n"), InlineData("BZh,y,x\n1,1,a\n2,0,b\n"), InlineData("y,x\n1,a\0\0\0\n0,b\n")]
    [InlineData("y,x\n1,a\rb\n0,b\r"), InlineData("\uFEFFy,x\r\n1,a\r\n0,b")]
    public void TextIsTakenAsText(string text) => Assert.Equal(2, Small.Encode(Texts, text).Length);

    static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest)) { gzip.Write(bytes); }
        return stream.ToArray();
    }

    static string Message(byte[] bytes)
    {
        using TempFolder folder = new();
        string file = folder.Write("train.txt", bytes);
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => { using DataSplits data = Small.Load(Texts, file); });
        return wrong.Message.Replace(folder[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
