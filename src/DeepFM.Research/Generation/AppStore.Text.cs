using System.Buffers.Text;
using System.Text;
using DeepFM.Data;

namespace DeepFM.Research.Generation;

public sealed partial class AppStore
{
    const int LongestRow = 384;         // bytes; 22 cells and five recent downloads of at most 8 are less

    static readonly byte[][] ages = Texts(StoreNames.Ages), genders = Texts(StoreNames.Genders), devices = Texts(StoreNames.Devices),
        systems = Texts(StoreNames.Systems), cities = Texts(StoreNames.Cities), networks = Texts(StoreNames.Networks),
        pages = Texts(StoreNames.Pages), categories = Texts(StoreNames.Categories.Select(category => category.Name)),
        subCategories = Texts(StoreNames.SubCategories), prices = Texts(StoreNames.Prices),
        weekdays = Texts(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);

    long Write(string path, long first, long count, int threads, IProgress<WriteProgress>? progress, CancellationToken cancel) =>
        Write(path, first, count, threads, RowFile.DefaultRowsOfBlock, progress, cancel);

    /// <summary>Writes rows in blocks of another size than usual, which must not matter.</summary>
    internal long Write(string path, long first, long count, int threads, int rowsOfBlock, IProgress<WriteProgress>? progress,
        CancellationToken cancel) =>
        RowFile.Write(path, count, LongestRow, Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\n"), () =>
        {
            Impression scratch = new();
            return (row, to) => WriteRow(scratch, first + row, to);
        }, threads, rowsOfBlock, progress, cancel);

    /// <summary>Draws a row and writes it as a line of the file; returns the bytes.</summary>
    internal int WriteRow(Impression row, long number, Span<byte> to)
    {
        Line line = new(to);
        line.Put(FillAndClick(row, number) ? 1 : 0);
        ref readonly StoreApp app = ref apps[row.App];
        int[] at = row.At;
        line.Cell(row.Day);
        line.Cell((byte)'u', row.User);
        line.Cell(ages[at[Axis.Age]]);
        line.Cell(genders[at[Axis.Gender]]);
        line.Cell(devices[at[Axis.Device]]);
        line.Cell(systems[row.System]);
        line.Cell(cities[at[Axis.City]]);
        line.Cell(networks[at[Axis.Network]]);
        line.Cell(at[Axis.Hour]);
        line.Cell(weekdays[at[Axis.Weekday]]);
        line.Cell(pages[at[Axis.Page]]);
        line.Cell(at[Axis.Position] + 1);
        line.Cell((byte)'a', row.App);
        line.Cell(categories[app.Category]);
        line.Cell(subCategories[app.SubCategory]);
        line.Cell(prices[app.Price]);
        line.Separate();
        if (app.RatingTenths > 0)
        {
            line.Put(app.RatingTenths / 10);
            line.Put((byte)'.');
            line.Put(app.RatingTenths % 10);
        }
        line.Cell(app.SizeMb);
        line.Cell(row.AppAge);
        line.Separate();
        if (row.LastApp >= 0) { line.Put((byte)'a', row.LastApp); }
        line.Separate();
        for (int i = 0; i < row.RecentCount; i++)
        {
            if (i > 0) { line.Put((byte)'|'); }
            line.Put((byte)'a', row.Recent[i]);
        }
        line.Put((byte)'\n');
        return line.Length;
    }

    static byte[][] Texts(IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A line of cells under construction.</summary>
    ref struct Line(Span<byte> to)
    {
        readonly Span<byte> to = to;

        public int Length { get; private set; }

        public void Put(byte character) => to[Length++] = character;

        public void Put(int number)
        {
            if ((uint)number < 10) { Put((byte)('0' + number)); return; }
            Utf8Formatter.TryFormat(number, to[Length..], out int length);
            Length += length;
        }

        public void Put(byte prefix, int number)
        {
            Put(prefix);
            Put(number);
        }

        public void Separate() => Put((byte)',');

        public void Cell(int number)
        {
            Separate();
            Put(number);
        }

        public void Cell(byte prefix, int number)
        {
            Separate();
            Put(prefix, number);
        }

        public void Cell(ReadOnlySpan<byte> text)
        {
            Separate();
            text.CopyTo(to[Length..]);
            Length += text.Length;
        }
    }
}
