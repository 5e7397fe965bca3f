using DeepFM.Data.Schemas;

namespace DeepFM;

/// <summary>The message for a name that does not exist: what there is, and which of it was probably meant.</summary>
public static class UnknownName
{
    const int MostCharacters = 2000;        // of the list

    /// <summary>"There is no {kind} 'x'; did you mean 'y'? There are: …", or that there are none.</summary>
    public static UserErrorException Error(string kind, string name, IReadOnlyList<string> known) =>
        new($"There is no {kind} '{ShownText.Short(name)}'{NearestName.Hint(name, known)} "
            + (known.Count == 0 ? "There are none." : $"There are: {ShownText.Short(string.Join(", ", known), MostCharacters)}."));
}
