using System.Reflection;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>A cell's compiled code, and the token that its loops and functions look at.</summary>
sealed class CellModule
{
    readonly FieldInfo? token;

    /// <summary>Finds the field that the compiler's instrumentation reads.</summary>
    public CellModule(Assembly assembly)
    {
        token = assembly.ManifestModule.GetTypes()
            .Where(type => type.Name.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal))
            .Select(type => type.GetField("ModuleCancellationToken", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .FirstOrDefault(field => field is not null);
    }

    /// <summary>The cell's own run.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>Lets the code stop when <paramref name="cancel"/> asks for it; one that never ended keeps the token that
    /// stopped it.</summary>
    public void Watch(CancellationToken cancel)
    {
        if (Run.IsCompleted) { token?.SetValue(null, cancel); }
    }
}
