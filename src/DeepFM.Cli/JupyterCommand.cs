using System.CommandLine;
using DeepFM.Notebooks.Jupyter;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>The jupyter command: makes the kernel known to Jupyter, takes it away, and tells what is there.</summary>
static class JupyterCommand
{
    public static Command Create() => new("jupyter", "Installs the kit's kernel into Jupyter, for notebooks in C# and F#.")
    {
        Install(),
        Uninstall(),
        List(),
    };

    static ExampleCommand Install()
    {
        PlaceOptions place = new();
        Option<bool> force = SharedOptions.Force("a kernel of this name that the kit has not installed");
        ExampleCommand command = new("install", "Makes the kernel known to Jupyter, or brings it up to date.",
            "deepfm jupyter install", "deepfm jupyter install --prefix /usr/local", "deepfm jupyter install --name deepfm --force");
        foreach (Option option in place.All) { command.Add(option); }
        command.Add(force);
        command.SetBody((parsed, _) =>
        {
            string program = typeof(JupyterCommand).Assembly.Location;
            KernelSpec spec = place.Store(parsed).Install(parsed.GetValue(place.Name)!, program, parsed.GetValue(force));
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"Installed the kernel '{spec.DisplayName}' in {spec.Folder}.");
            if (!JupyterFolders.Current.All.Contains(DataFolderOf(spec)))
            {
                output.WriteLine("Jupyter does not look there by itself: start it with that prefix, or add the folder to JUPYTER_PATH.");
            }
            output.WriteLine($"It runs {program}; install it again when that moves.");
        });
        return command;
    }

    static ExampleCommand Uninstall()
    {
        PlaceOptions place = new();
        ExampleCommand command = new("uninstall", "Takes the kernel away from Jupyter.",
            "deepfm jupyter uninstall", "deepfm jupyter uninstall --prefix /usr/local --name deepfm");
        foreach (Option option in place.All) { command.Add(option); }
        command.SetBody((parsed, _) =>
        {
            KernelSpec spec = place.Store(parsed).Uninstall(parsed.GetValue(place.Name)!);
            parsed.InvocationConfiguration.Output.WriteLine($"Removed the kernel '{spec.DisplayName}' from {spec.Folder}.");
        });
        return command;
    }

    static ExampleCommand List()
    {
        Option<bool> json = SharedOptions.Json();
        ExampleCommand command = new("list", "Lists the kernels that Jupyter finds, in the order in which it looks.",
            "deepfm jupyter list") { json };
        command.SetBody((parsed, _) =>
        {
            KernelSpec[] specs = [.. JupyterFolders.Current.All.SelectMany(folder => new KernelSpecStore(folder).List())];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(JsonFiles.ToJson(new { kernels = specs })); }
            else if (specs.Length == 0)
            {
                output.WriteLine($"There are no kernels in {string.Join(", ", JupyterFolders.Current.All)}.");
            }
            else
            {
                IEnumerable<string[]> rows = specs.Select(spec =>
                    new[] { spec.Name, spec.DisplayName, spec.IsOurs ? "this kit" : "others", spec.Folder, spec.Problem ?? "" });
                TextTable.Print(output, [["name", "shown as", "by", "folder", "problem"], .. rows]);
            }
        });
        return command;
    }

    static string DataFolderOf(KernelSpec spec) => Path.GetDirectoryName(Path.GetDirectoryName(spec.Folder))!;

    /// <summary>The options that say where a kernel stands and what it is called.</summary>
    sealed class PlaceOptions
    {
        readonly Option<bool> user = new("--user") { Description = "For this user alone. This is the standard." };
        readonly Option<string> prefix = new("--prefix")
        {
            Description = "Below P/share/jupyter, such as /usr/local for all users.",
            HelpName = "P",
        };
        readonly Option<bool> sysPrefix = new("--sys-prefix") { Description = "Into the Python environment that is active." };

        public Option<string> Name { get; } = new("--name")
        {
            Description = "The kernel's name. Notebooks name the kernel that they want.",
            HelpName = "N",
            DefaultValueFactory = _ => KernelSpecStore.StandardName,
        };

        public IReadOnlyList<Option> All => [user, prefix, sysPrefix, Name];

        /// <summary>The folder that was asked for.</summary>
        public KernelSpecStore Store(ParseResult parsed)
        {
            string? below = parsed.GetValue(prefix);
            bool environment = parsed.GetValue(sysPrefix);
            if ((parsed.GetValue(user) ? 1 : 0) + (below is null ? 0 : 1) + (environment ? 1 : 0) > 1)
            {
                throw new UserErrorException("--user, --prefix and --sys-prefix exclude one another: "
                    + "give one of them, or none for --user.");
            }
            if (below is { Length: 0 }) { throw new UserErrorException("--prefix is empty; give a folder, such as /usr/local."); }
            if (below is not null) { return new(JupyterFolders.OfPrefix(Path.GetFullPath(below))); }
            if (!environment) { return new(JupyterFolders.Current.User); }
            return new(JupyterFolders.Current.ActiveEnvironment ?? throw new UserErrorException(
                "--sys-prefix: no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set). "
                + "Activate one, or use --prefix."));
        }
    }
}
