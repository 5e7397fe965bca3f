namespace DeepFM.Data.Encoders;

/// <summary>Refuses to count further values that memory will not hold, before the system ends the process for it.</summary>
/// <param name="fitters">What counts, in the order of the schema's fields.</param>
/// <param name="memory">Memory that may be taken, bytes; null when unknown.</param>
sealed class CountingRoom(FieldFitter[] fitters, Func<long?> memory)
{
    const double Growth = 1.25;         // between two looks

    double next = 1 << 20;              // bytes of tables from which on it is looked at

    /// <summary>Looks at the tables as they are now. A table grows by becoming twice as large.</summary>
    /// <exception cref="UserErrorException">There is no room for as much again.</exception>
    public void Require(Schema schema)
    {
        long[] bytes = [.. fitters.Select(BytesOf)];
        double all = bytes.Sum();
        if (all < next) { return; }
        next = Growth * all;
        string largest = ShownText.Short(schema.Fields[Array.IndexOf(bytes, bytes.Max())].Name);
        AvailableMemory.Require(all, $"More distinct values, most of them of field '{largest}',",
            "Leave that field out of the schema, or take fewer rows.", memory());
    }

    static long BytesOf(FieldFitter fitter)
    {
        lock (fitter) { return fitter.TableBytes; }
    }
}
