namespace DeepFM.Notebooks.Jupyter;

/// <summary>The systems whose rules for folders differ.</summary>
public enum FolderRules
{
    /// <summary>Linux and the other Unixes: XDG.</summary>
    Xdg,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>Where Jupyter looks for data, kernel specs among it.</summary>
/// <remarks>The rules are those of jupyter_core ("Common Directories and File Locations"), without JUPYTER_PREFER_ENV_PATH.</remarks>
/// <param name="environment">Gives the value of an environment variable; null when it is not set.</param>
/// <param name="rules">The system.</param>
/// <param name="home">The user's home folder.</param>
public sealed class JupyterFolders(Func<string, string?> environment, FolderRules rules, string home)
{
    /// <summary>The folders of this user on this system.</summary>
    public static JupyterFolders Current { get; } = new(Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? FolderRules.Windows : OperatingSystem.IsMacOS() ? FolderRules.MacOS : FolderRules.Xdg,
        // As it is named: one that is not there must not become a folder below the current one.
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>The user's own data folder.</summary>
    public string User => Value("JUPYTER_DATA_DIR") ?? rules switch
    {
        FolderRules.MacOS => Path.Combine(home, "Library", "Jupyter"),
        FolderRules.Windows => Path.Combine(Value("APPDATA") ?? Path.Combine(home, "AppData", "Roaming"), "jupyter"),
        _ => Path.Combine(Value("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter"),
    };

    /// <summary>The data folder of the Python environment that is active; null when none is.</summary>
    public string? ActiveEnvironment => (Value("VIRTUAL_ENV") ?? Value("CONDA_PREFIX")) is { } prefix ? OfPrefix(prefix) : null;

    /// <summary>The data folder below the prefix of a Python installation, such as /usr/local.</summary>
    public static string OfPrefix(string prefix) => Path.Combine(prefix, "share", "jupyter");

    /// <summary>All data folders, in the order in which Jupyter looks.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            char separator = rules == FolderRules.Windows ? ';' : ':';
            IEnumerable<string?> folders = [
                .. (Value("JUPYTER_PATH") ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries),
                User,
                ActiveEnvironment,
                .. rules == FolderRules.Windows
                    ? [Path.Combine(Value("PROGRAMDATA") ?? @"C:\ProgramData", "jupyter")]
                    : new string[] { OfPrefix("/usr/local"), OfPrefix("/usr") },
            ];
            return [.. folders.OfType<string>().Distinct()];
        }
    }

    // As in Python, a variable that is set to nothing counts as not set.
    string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
