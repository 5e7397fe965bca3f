using System.Text;

namespace DeepFM.Cli;

/// <summary>A stream of text whose failures are dealt with in one place.</summary>
sealed class GuardedWriter : TextWriter
{
    readonly TextWriter to;
    readonly Action<Exception> failed;

    GuardedWriter(TextWriter to, Action<Exception> failed) => (this.to, this.failed) = (to, failed);

    /// <summary>Messages and progress: a full disk, or a reader that is gone, must not end the work that they tell about.</summary>
    public static GuardedWriter ForMessages(TextWriter to) => new(to, _ => { });

    /// <summary>Results: when they cannot be printed the command fails, and says that it is only this.</summary>
    public static GuardedWriter ForResults(TextWriter to) => new(to, failed => throw new IOException(
        $"The result could not be printed: {failed.Message.TrimEnd('.')}. What the command wrote to files is there.", failed));

    /// <summary>Whether messages are read on a terminal.</summary>
    public static bool IsTerminal(TextWriter writer) =>
        ReferenceEquals(writer is GuardedWriter guarded ? guarded.to : writer, Console.Error) && !Console.IsErrorRedirected;

    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => Try(() => to.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => to.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => to.Write(value));

    public override void WriteLine(string? value) => Try(() => to.WriteLine(value));

    public override void Flush() => Try(to.Flush);

    void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failed(wrong);
        }
    }
}
