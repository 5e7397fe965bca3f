using DeepFM.Data;

namespace DeepFM.Core.Tests.Data;

public sealed class RowFileTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_PutsBlocksInOrder_AndNothingAtAllWhenARowFails()
    {
        RowWriter numbers = static (row, to) =>
        {
            System.Buffers.Text.Utf8Formatter.TryFormat(row, to, out int length);
            to[length] = (byte)'\n';
            return length + 1;
        };
        foreach (int rowsOfBlock in new[] { 1, 7, 1_000 })
        {
            long bytes = RowFile.Write(folder["numbers.txt"], 1_009, 20, "number\n"u8, () => numbers, threads: 4, rowsOfBlock);
            Assert.Equal(["number", .. Enumerable.Range(0, 1_009).Select(number => $"{number}")], File.ReadAllLines(folder["numbers.txt"]));
            Assert.Equal(new FileInfo(folder["numbers.txt"]).Length, bytes);
        }
        Assert.Equal(7, RowFile.Write(folder["empty.txt"], 0, 20, "number\n"u8, () => numbers));

        Assert.Throws<InvalidDataException>(() => RowFile.Write(folder["numbers.txt"], 1_009, 20, default,
            () => (row, to) => row == 1_000 ? throw new InvalidDataException() : numbers(row, to), threads: 2, rowsOfBlock: 100));
        Assert.Equal(["empty.txt", "numbers.txt"], folder.Names);
        Assert.Equal(1_010, File.ReadLines(folder["numbers.txt"]).Count());
    }
}
