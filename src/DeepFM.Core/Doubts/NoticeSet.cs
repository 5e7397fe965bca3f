using System.Collections;

namespace DeepFM.Doubts;

/// <summary>Plain sentences about what is doubtful in data or in a run, each once, in the order in which they were found.</summary>
/// <remarks>Any thread may add; add what a whole pass has found, so that the order does not depend on threads.</remarks>
public sealed class NoticeSet : IReadOnlyCollection<string>
{
    readonly Lock gate = new();
    readonly List<string> sentences = [];

    /// <inheritdoc/>
    public int Count
    {
        get { lock (gate) { return sentences.Count; } }
    }

    /// <summary>Adds a sentence that is not there yet: what was seen, with its figure; what it does; the option that helps.</summary>
    public void Add(string sentence)
    {
        lock (gate)
        {
            if (!sentences.Contains(sentence)) { sentences.Add(sentence); }
        }
    }

    /// <summary>Adds sentences that are not there yet.</summary>
    public void AddRange(IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences) { Add(sentence); }
    }

    /// <summary>The sentences that are there now.</summary>
    public IEnumerator<string> GetEnumerator()
    {
        lock (gate) { return sentences.ToList().GetEnumerator(); }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
