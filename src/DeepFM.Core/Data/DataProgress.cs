namespace DeepFM.Data;

/// <summary>How far reading has come.</summary>
/// <param name="Stage">What is being done, such as "fit" or "encode".</param>
/// <param name="BytesRead">Bytes of the files read so far in this stage, compressed ones as they are.</param>
/// <param name="TotalBytes">Bytes of all files of this stage.</param>
public readonly record struct DataProgress(string Stage, long BytesRead, long TotalBytes);
