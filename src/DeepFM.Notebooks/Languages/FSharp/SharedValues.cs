using System.Collections.Concurrent;
using System.ComponentModel;

namespace DeepFM.Notebooks.Languages.FSharp;

/// <summary>Values on their way into an F# session, which can only be told source text. The kernel uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SharedValues
{
    static readonly ConcurrentDictionary<string, object?> waiting = new();

    /// <summary>Takes a value away under its key; null when there is none.</summary>
    public static object? Take(string key) => waiting.TryRemove(key, out object? value) ? value : null;

    /// <summary>Keeps a value until it is taken.</summary>
    /// <returns>Its key.</returns>
    internal static string Put(object? value)
    {
        string key = Guid.NewGuid().ToString("N");
        waiting[key] = value;
        return key;
    }
}
