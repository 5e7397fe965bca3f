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

    [Fact]
    public void Write_SaysBeforeTheWork_ThatTheDiskHasNoRoom()
    {
        RowWriter tens = static (_, to) =>
        {
            "123456789\n"u8.CopyTo(to);
            return 10;
        };
        long Write(long rows, long freeBytes) => RowFile.Write(folder["tens.txt"], rows, 10, default, () => tens,
            where => where == Path.GetDirectoryName(folder["tens.txt"]) ? freeBytes : 0, threads: 2, rowsOfBlock: 100);

        Assert.Equal($"{folder["tens.txt"]}: 1,000,000,000,000 rows need about 10000.0 GB, but 9999.9 GB are free there. "
            + "Ask for fewer rows, or choose another disk.",
            Assert.Throws<UserErrorException>(() => Write(1_000_000_000_000, 9_999_900_000_000)).Message);
        Assert.Contains(" rows need about 0.0 MB, but 0.0 MB are free there. ",
            Assert.Throws<UserErrorException>(() => Write(1_000, 9_999)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
        Assert.Equal(10_000, Write(1_000, 10_000));
    }
}
