namespace DeepFM.Notebooks.Jupyter;

/// <summary>Lines for whoever started the kernel, on the process's own error output; a flood is cut short.</summary>
/// <param name="output">Where they go.</param>
/// <param name="clock">Tells the minutes; the system's when null.</param>
sealed class KernelLog(TextWriter output, TimeProvider? clock = null)
{
    const int LinesPerMinute = 60;
    readonly Lock gate = new();
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    long minute;
    int lines;

    /// <summary>Writes a line, or only counts it when there were too many in this minute.</summary>
    public void Line(string text)
    {
        lock (gate)
        {
            long now = (long)this.clock.GetElapsedTime(0).TotalMinutes;
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
