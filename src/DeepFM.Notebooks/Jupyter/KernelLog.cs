namespace DeepFM.Notebooks.Jupyter;

/// <summary>Lines for whoever started the kernel, on the process's own error output; a flood is cut short.</summary>
sealed class KernelLog(TextWriter output)
{
    const int LinesPerMinute = 60;
    readonly Lock gate = new();
    long minute;
    int lines;

    /// <summary>Writes a line, or only counts it when there were too many in this minute.</summary>
    public void Line(string text)
    {
        lock (gate)
        {
            long now = Environment.TickCount64 / 60_000;
            if (now != minute)
            {
                if (lines > LinesPerMinute) { Write($"{lines - LinesPerMinute} lines were left out"); }
                (minute, lines) = (now, 0);
            }
            if (++lines <= LinesPerMinute) { Write(text); }
        }
    }

    void Write(string text)
    {
        try
        {
            output.WriteLine($"[deepfm kernel] {text}");
            output.Flush();
        }
        catch (IOException) { }             // nobody listens any more: not a reason to end
        catch (ObjectDisposedException) { }
    }
}
