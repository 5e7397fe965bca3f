using System.Security.Cryptography;
using System.Text;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data;

/// <summary>One number that changes with any input: schema, files, their roles and their order.</summary>
/// <remarks>Names and folders of files do not count, nor does anything but their bytes.</remarks>
public static class DataDigest
{
    /// <summary>SHA-256 over the schema and the bytes of all files, as 64 hexadecimal digits.</summary>
    /// <exception cref="UserErrorException">A table that the schema joins is not there.</exception>
    public static string Compute(DataRequest request, CancellationToken cancel = default) => Compute(request, file =>
    {
        cancel.ThrowIfCancellationRequested();
        using FileStream stream = File.OpenRead(file);
        return SHA256.HashData(stream);
    });

    /// <summary>The same, of bytes that were read and hashed already.</summary>
    internal static string Compute(DataRequest request, InputFiles read) => Compute(request, file => read.HashOf(file));

    static string Compute(DataRequest request, Func<string, byte[]> hashOf)
    {
        using IncrementalHash all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes(request.Schema.Json));
        Append("train", request.TrainFiles);
        Append("valid", request.ValidFiles);
        Append("test", request.TestFiles);
        // A table is looked for beside the first file of each part; most often it is the same one.
        string[] firstFiles = [.. new[] { request.TrainFiles, request.ValidFiles, request.TestFiles }
            .Where(files => files.Count > 0).Select(files => files[0])];
        foreach (JoinSpec join in request.Schema.Joins)
        {
            Append("join", [.. firstFiles.Select(file => SideTable.Find(join, file)).Distinct()]);
        }
        return Convert.ToHexStringLower(all.GetHashAndReset());

        void Append(string role, IReadOnlyList<string> files)
        {
            foreach (string file in files)
            {
                all.AppendData(Encoding.UTF8.GetBytes($"\n{role} "));
                all.AppendData(hashOf(file));
            }
        }
    }
}
