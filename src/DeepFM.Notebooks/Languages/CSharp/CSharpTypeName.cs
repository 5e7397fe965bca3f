using System.Reflection;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>A type as C# source writes it.</summary>
static class CSharpTypeName
{
    /// <summary>The type itself when C# cells can name it; else the nearest base type that they can.</summary>
    public static Type Nearest(Type type)
    {
        if (CanName(type)) { return type; }
        return type.GetInterfaces().FirstOrDefault(face => CanName(face) && face.IsGenericType
            && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?? (type.BaseType is { } parent ? Nearest(parent) : typeof(object));
    }

    /// <summary>The name, whole from <c>global::</c>, or of a cell's own type its plain name.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray) { return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; }
        if (IsOfCell(type)) { return Plain(type, type.GetGenericArguments()); }
        Type[] arguments = type.GetGenericArguments();
        List<string> parts = [];
        foreach (Type level in Nesting(type))               // of A<int>.B<string> each level has its own arguments
        {
            int before = level.DeclaringType?.GetGenericArguments().Length ?? 0;
            parts.Add(Plain(level, arguments.AsSpan(before..level.GetGenericArguments().Length)));
        }
        return $"global::{(type.Namespace is { } space ? space + "." : "")}{string.Join('.', parts)}";
    }

    /// <summary>The name for people: with its namespace, and nothing that only a compiler needs.</summary>
    public static string Readable(Type type) =>
        Of(type).Replace("global::", "", StringComparison.Ordinal).Replace("@", "", StringComparison.Ordinal);

    /// <summary>The assemblies that the type's name needs.</summary>
    public static IEnumerable<Assembly> Assemblies(Type type) => type.IsArray
        ? Assemblies(type.GetElementType()!)
        : type.GetGenericArguments().SelectMany(Assemblies).Append(type.Assembly).Distinct();

    static bool CanName(Type type) => type.IsArray
        ? CanName(type.GetElementType()!)
        : (type.IsVisible || IsOfCell(type)) && !type.IsByRef && !type.IsPointer && type.FullName?.Contains('<') != true
            && (IsOfCell(type) || type.Assembly is { IsDynamic: false, Location.Length: > 0 }) && type.GetGenericArguments().All(CanName);

    static bool IsOfCell(Type type) => type.DeclaringType?.Name.StartsWith("Submission#", StringComparison.Ordinal) == true
        && !type.Name.Contains('<');

    static IEnumerable<Type> Nesting(Type type) =>
        type.DeclaringType is { } outer ? Nesting(outer).Append(type) : [type];

    static string Plain(Type type, ReadOnlySpan<Type> arguments)
    {
        string name = "@" + type.Name.Split('`')[0];
        List<string> texts = [];
        foreach (Type argument in arguments) { texts.Add(Of(argument)); }
        return texts.Count == 0 ? name : $"{name}<{string.Join(", ", texts)}>";
    }
}
