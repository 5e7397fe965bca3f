using System.Reflection;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Display;

/// <summary>Shows something that changes, in whichever notebook kernel the code runs.</summary>
static class DisplayTarget
{
    /// <summary>Shows a value.</summary>
    /// <returns>What replaces it by another value.</returns>
    public static Action<object> Show(object value)
    {
        if (CellContext.Current is null && OfDotNetInteractive(value) is { } foreign) { return foreign; }
        DisplayedValue shown = DisplayedValue.Show(value, []);
        return shown.Update;
    }

    // .NET Interactive's own display, found by name: the kit does not depend on it.
    static Action<object>? OfDotNetInteractive(object value)
    {
        MethodInfo? display = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name is "Microsoft.DotNet.Interactive" or "Microsoft.DotNet.Interactive.Formatting")
            .Select(assembly => assembly.GetType("System.DisplayExtensions")?.GetMethod("Display", [typeof(object), typeof(string[])]))
            .FirstOrDefault(method => method is not null);
        object? shown = display?.Invoke(null, [value, Array.Empty<string>()]);
        MethodInfo? update = shown?.GetType().GetMethod("Update", [typeof(object)]);
        return update is null ? null : next => update.Invoke(shown, [next]);
    }
}
