using System.Text;

namespace DeepFM.Data.Reading;

/// <summary>UTF-8 text in memory that does not move. A length of 0 stands for a missing value.</summary>
/// <remarks>Its memory goes on for <see cref="Slack"/> bytes at least after it, so that whole words and vectors can be read.</remarks>
readonly unsafe struct Cell(byte* start, int length)
{
    /// <summary>Bytes beyond its end that a buffer for texts must have.</summary>
    public const int Slack = 64;

    public byte* Start => start;

    public int Length => length;

    public bool IsMissing => length == 0;

    public ReadOnlySpan<byte> Text => new(start, length);

    /// <summary>Its first bytes.</summary>
    public Cell First(int count) => new(start, count);

    /// <summary>Its text in messages.</summary>
    public string Shown => ShownText.Short(ToString());

    public override string ToString() => Encoding.UTF8.GetString(Text);
}
