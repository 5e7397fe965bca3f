using System.Security.Cryptography;

namespace DeepFM;

/// <summary>Passes bytes on and takes their SHA-256 meanwhile, so that a large file is gone through once.</summary>
sealed class HashingStream(Stream inner) : Stream
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

    /// <summary>The SHA-256 of a file that is being read, as 64 hexadecimal digits; what is left of it is read first.</summary>
    public string DigestOfAll()
    {
        CopyTo(Null);
        return Digest();
    }

    /// <summary>The SHA-256 of what has passed, as 64 hexadecimal digits.</summary>
    public string Digest() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        hash.AppendData(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        hash.AppendData(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { hash.Dispose(); }
        base.Dispose(disposing);
    }
}
