namespace DeepFM.Data;

/// <summary>How far reading has come.</summary>
/// <param name="Stage">What is being done: "fit", "number ids", "encode" and so on.</param>
/// <param name="BytesRead">
/// Bytes of the files read so far in this stage, compressed ones as they are; where none is read, parts of the work that are done.
/// </param>
/// <param name="TotalBytes">Bytes of all files of this stage, or parts of the work; 0 where its length is not known.</param>
public readonly record struct DataProgress(string Stage, long BytesRead, long TotalBytes);
