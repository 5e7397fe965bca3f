using System.IO.Compression;

namespace DeepFM.Data.Reading;

/// <summary>The text of a gzip file, of one member or several, with certainty that it is whole.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes a file that is cut off anywhere for a shorter one, unless a switch of the whole process
/// was set before its first use. So one more member of known text is read behind the file's end: only when everything
/// before it was whole does the text end with it.
/// </remarks>
/// <param name="file">The file, at its start.</param>
/// <param name="note">Given its bytes as they are read; null for nobody.</param>
sealed class GzipText(Stream file, Action<ReadOnlySpan<byte>>? note = null) : IDisposable
{
    static readonly byte[] EndText = "whole file read."u8.ToArray();
    static readonly byte[] EndMember = Compress(EndText);

    readonly GZipStream gzip = new(new WithEnd(file, note), CompressionMode.Decompress);
    readonly byte[] ahead = new byte[EndText.Length];       // the last bytes read: at the end of the file, EndText
    bool isStarted;

    /// <summary>Fills as much of <paramref name="buffer"/> as the file still has.</summary>
    /// <exception cref="InvalidDataException">The file is cut off or damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        if (!isStarted)
        {
            isStarted = true;
            if (gzip.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false) < ahead.Length)
            {
                throw new InvalidDataException();
            }
        }
        int read = gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

        // The text goes on with what was ahead; as many bytes of its end are ahead now.
        byte[] text = [.. ahead, .. buffer[Math.Max(0, read - ahead.Length)..read]];
        buffer[..Math.Max(0, read - ahead.Length)].CopyTo(buffer[Math.Min(read, ahead.Length)..]);
        text.AsSpan(0, Math.Min(read, ahead.Length)).CopyTo(buffer);
        text.AsSpan(text.Length - ahead.Length).CopyTo(ahead);
        return read == buffer.Length || ahead.AsSpan().SequenceEqual(EndText) ? read : throw new InvalidDataException();
    }

    public void Dispose() => gzip.Dispose();

    static byte[] Compress(byte[] text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest)) { gzip.Write(text); }
        return stream.ToArray();
    }

    /// <summary>A file with <see cref="EndMember"/> behind it.</summary>
    sealed class WithEnd(Stream file, Action<ReadOnlySpan<byte>>? note) : Stream
    {
        int endRead;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            note?.Invoke(buffer[..read]);
            if (read > 0 || buffer.IsEmpty) { return read; }
            ReadOnlySpan<byte> rest = EndMember.AsSpan(endRead);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            endRead += rest.Length;
            return rest.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
