namespace DeepFM.Data;

/// <summary>Element types of tensors on disk, under the names that safetensors gives them.</summary>
public enum TensorType
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>float64.</summary>
    F64,

    /// <summary>int32.</summary>
    I32,

    /// <summary>int64.</summary>
    I64,

    /// <summary>Bytes.</summary>
    U8,
}

/// <summary>Name, element type and shape of a tensor in a safetensors file.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Row-major; empty for a single element.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Where it starts, in bytes after the header.</summary>
    public long Offset { get; internal init; }

    /// <summary>The product of <see cref="Shape"/>.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public long ElementCount => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Its length in bytes.</summary>
    public long ByteCount => checked(ElementCount * SizeOf(Type));

    internal static int SizeOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.U8 => 1,
        _ => 4,
    };

    internal static TensorType TypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorType.F32
        : typeof(T) == typeof(double) ? TensorType.F64
        : typeof(T) == typeof(int) ? TensorType.I32
        : typeof(T) == typeof(long) ? TensorType.I64
        : typeof(T) == typeof(byte) ? TensorType.U8
        : throw new NotSupportedException($"A tensor of {typeof(T).Name} cannot be stored.");
}
