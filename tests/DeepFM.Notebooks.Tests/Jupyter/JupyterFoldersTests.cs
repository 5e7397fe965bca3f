using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Jupyter's rules for folders, for each system.</summary>
public sealed class JupyterFoldersTests
{
    [Theory]
    [InlineData(FolderRules.Xdg, "", "/home/ada/.local/share/jupyter")]
    [InlineData(FolderRules.Xdg, "XDG_DATA_HOME=/data", "/data/jupyter")]
    [InlineData(FolderRules.Xdg, "XDG_DATA_HOME=", "/home/ada/.local/share/jupyter")]
    [InlineData(FolderRules.MacOS, "XDG_DATA_HOME=/data", "/home/ada/Library/Jupyter")]
    [InlineData(FolderRules.Windows, "APPDATA=/roaming", "/roaming/jupyter")]
    [InlineData(FolderRules.Windows, "", "/home/ada/AppData/Roaming/jupyter")]
    [InlineData(FolderRules.Xdg, "JUPYTER_DATA_DIR=/mine XDG_DATA_HOME=/data", "/mine")]
    [InlineData(FolderRules.MacOS, "JUPYTER_DATA_DIR=/mine", "/mine")]
    [InlineData(FolderRules.Windows, "JUPYTER_DATA_DIR=/mine APPDATA=/roaming", "/mine")]
    public void User_FollowsTheSystem(FolderRules rules, string variables, string expected) =>
        Assert.Equal(expected, Slashes(Folders(rules, variables).User));

    [Fact]
    public void All_AreInJupytersOrder() => Assert.Equal(
        ["/p1", "/p2", "/home/ada/.local/share/jupyter", "/venv/share/jupyter", "/usr/local/share/jupyter", "/usr/share/jupyter"],
        Folders(FolderRules.Xdg, "JUPYTER_PATH=/p1:/p2 VIRTUAL_ENV=/venv CONDA_PREFIX=/conda").All.Select(Slashes));

    [Fact]
    public void All_OnWindows_UsesItsSeparatorAndProgramData() => Assert.Equal(
        ["c:/p1", "/p2", "/roaming/jupyter", "/programs/jupyter"],
        Folders(FolderRules.Windows, "JUPYTER_PATH=c:/p1;/p2 APPDATA=/roaming PROGRAMDATA=/programs").All.Select(Slashes));

    [Fact]
    public void ActiveEnvironment_IsNullWithoutOne()
    {
        Assert.Null(Folders(FolderRules.Xdg, "").ActiveEnvironment);
        Assert.Equal("/conda/share/jupyter", Slashes(Folders(FolderRules.Xdg, "CONDA_PREFIX=/conda").ActiveEnvironment!));
    }

    static JupyterFolders Folders(FolderRules rules, string variables)
    {
        Dictionary<string, string> environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new(environment.GetValueOrDefault, rules, "/home/ada");
    }

    static string Slashes(string path) => path.Replace('\\', '/');
}
