using System.Text;

namespace DeepFM.Data.Reading;

/// <summary>UTF-8 text in memory that does not move. A length of 0 stands for a missing value.</summary>
readonly unsafe struct Cell(byte* start, int length)
{
    public byte* Start => start;

    public int Length => length;

    public bool IsMissing => length == 0;

    public ReadOnlySpan<byte> Text => new(start, length);

    public override string ToString() => Encoding.UTF8.GetString(Text);
}
