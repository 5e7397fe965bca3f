using System.Text;

namespace DeepFM.Notebooks.Execution;

/// <summary>Leads the process's console to the cell that uses it, and to the real console outside cells.</summary>
static class ConsoleRouting
{
    static readonly Lock gate = new();
    static bool installed;
    static Encoding? readersEncoding;

    /// <summary>
    /// Puts the routing in place. Later it only looks after the reader, which the console drops when somebody sets its input
    /// encoding; writers and readers that a cell has set itself stay.
    /// </summary>
    public static void Ensure()
    {
        lock (gate)
        {
            if (!installed)
            {
                Console.SetOut(new RoutedWriter("stdout", Console.Out));
                Console.SetError(new RoutedWriter("stderr", Console.Error));
                installed = true;
            }
            if (!ReferenceEquals(readersEncoding, Console.InputEncoding))   // the console keeps a copy of each that is set
            {
                readersEncoding = Console.InputEncoding;
                Console.SetIn(new RoutedReader(Console.In));
            }
        }
    }

    sealed class RoutedWriter(string name, TextWriter real) : TextWriter
    {
        public override Encoding Encoding => real.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void Write(string? value)
        {
            if (CellContext.Current is { } cell) { cell.Write(name, value ?? ""); }
            else { real.Write(value); }
        }

        public override void WriteLine(string? value) => Write(value + CoreNewLineText);

        public override void Flush()
        {
            if (CellContext.Current is null) { real.Flush(); }
        }

        string CoreNewLineText => new(CoreNewLine);
    }

    sealed class RoutedReader(TextReader real) : TextReader
    {
        public override string? ReadLine() => CellContext.Current is { } cell
            ? cell.ReadLineAsync("", password: false).GetAwaiter().GetResult()
            : real.ReadLine();

        public override async Task<string?> ReadLineAsync() => CellContext.Current is { } cell
            ? await cell.ReadLineAsync("", password: false)
            : await real.ReadLineAsync();

        public override int Read() => CellContext.Current is null ? real.Read() : -1;

        public override int Peek() => CellContext.Current is null ? real.Peek() : -1;
    }
}
