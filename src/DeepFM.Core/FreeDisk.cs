namespace DeepFM;

/// <summary>Room on disks: hours of work must not end at a full disk that could have been seen at the start.</summary>
static class FreeDisk
{
    /// <summary>What is free in a folder, or in the one above that is there.</summary>
    public static long Of(string folder)
    {
        string? there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above) { there = above; }
        return new DriveInfo(there).AvailableFreeSpace;
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="path">Where it would be written.</param>
    /// <param name="needed">Bytes.</param>
    /// <param name="what">What they are for, as the subject of "need".</param>
    /// <param name="available">Bytes that are free there.</param>
    /// <param name="advice">What helps.</param>
    /// <exception cref="UserErrorException">There is less room than that.</exception>
    public static void Require(string path, double needed, string what, long available, string advice)
    {
        if (needed <= available) { return; }
        throw new UserErrorException($"{path}: {what} need about {ByteSize.Of(needed)}, but {ByteSize.Of(available)} are free there. {advice}");
    }
}
