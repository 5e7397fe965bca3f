using System.Globalization;

namespace DeepFM;

/// <summary>Memory that this process may still take.</summary>
static class AvailableMemory
{
    /// <summary>Bytes: what the system has left, swap included, within the limits of the process's control groups; null when unknown.</summary>
    public static long? Bytes
    {
        get
        {
            if (OperatingSystem.IsLinux()) { return Of("/"); }
            GCMemoryInfo known = GC.GetGCMemoryInfo();
            return known.TotalAvailableMemoryBytes == 0 ? null : Math.Max(0, known.TotalAvailableMemoryBytes - known.MemoryLoadBytes);
        }
    }

    /// <summary>Refuses what does not fit into memory, before the system ends the process for it.</summary>
    /// <param name="needed">Bytes that will be taken.</param>
    /// <param name="what">What for, as the subject of "need".</param>
    /// <param name="advice">What helps.</param>
    /// <param name="available">Bytes that there are; null when unknown.</param>
    /// <exception cref="UserErrorException">There is less memory than that.</exception>
    public static void Require(double needed, string what, string advice, long? available)
    {
        if (available is not { } there || needed <= there) { return; }
        throw new UserErrorException($"{what} need about {ByteSize.Of(needed)} of memory, but {ByteSize.Of(there)} are free. {advice}");
    }

    /// <summary>The same below a folder that holds <c>proc</c> and <c>sys</c> as Linux has them.</summary>
    internal static long? Of(string root)
    {
        Dictionary<string, long> system = Numbers(Path.Combine(root, "proc/meminfo"), unit: 1024);
        if (!system.TryGetValue("MemAvailable:", out long available)) { return null; }
        long swap = system.GetValueOrDefault("SwapFree:"), least = available + swap;
        foreach ((string folder, bool isNew) in Groups(root))
        {
            long? limit = Number(Path.Combine(folder, isNew ? "memory.max" : "memory.limit_in_bytes"));
            long? used = Number(Path.Combine(folder, isNew ? "memory.current" : "memory.usage_in_bytes"));
            if (limit is null || used is null) { continue; }
            // Pages of files count as used, but are given back when memory is asked for.
            Dictionary<string, long> parts = Numbers(Path.Combine(folder, "memory.stat"), unit: 1);
            string prefix = isNew ? "" : "total_";
            long files = parts.GetValueOrDefault($"{prefix}inactive_file") + parts.GetValueOrDefault($"{prefix}active_file");
            long groupSwap = isNew && Number(Path.Combine(folder, "memory.swap.max")) is { } most
                ? Math.Clamp(most - (Number(Path.Combine(folder, "memory.swap.current")) ?? 0), 0, swap)
                : swap;
            least = Math.Min(least, Math.Max(0, limit.Value - used.Value + files) + groupSwap);
        }
        return least;
    }

    // The folders of the process's group and of those that hold it, of both versions.
    static IEnumerable<(string Folder, bool IsNew)> Groups(string root)
    {
        string own = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(own)) { yield break; }
        foreach (string line in File.ReadAllLines(own))
        {
            if (line.Split(':', 3) is not [string number, string controllers, string path]) { continue; }
            bool isNew = number == "0" && controllers.Length == 0;
            if (!isNew && !controllers.Split(',').Contains("memory")) { continue; }
            foreach (string mount in isNew ? new[] { "sys/fs/cgroup", "sys/fs/cgroup/unified" } : ["sys/fs/cgroup/memory"])
            {
                for (string? at = path.Trim('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at))
                {
                    yield return (Path.Combine(root, mount, at), isNew);
                }
            }
        }
    }

    // "NAME 123 …" by line.
    static Dictionary<string, long> Numbers(string path, long unit)
    {
        Dictionary<string, long> numbers = [];
        foreach (string line in Lines(path))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && long.TryParse(words[1], CultureInfo.InvariantCulture, out long number)) { numbers[words[0]] = number * unit; }
        }
        return numbers;
    }

    // Null when there is no such file, or no limit in it.
    static long? Number(string path) =>
        Lines(path) is [string text, ..] && long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null;

    static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
