using System.IO.Compression;
using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>A folder for one test, gone after it.</summary>
sealed class TempFolder : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("deepfm-");

    public string this[string name] => Path.Combine(folder.FullName, name);

    public IEnumerable<string> Names => folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order();

    /// <summary>Writes a text file, as UTF-8 without a mark, and returns its path.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string WriteGzip(string name, string text) => Write(name, Gzip(text));

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest)) { gzip.Write(text); }
        return stream.ToArray();
    }

    public void Dispose() => folder.Delete(recursive: true);
}
