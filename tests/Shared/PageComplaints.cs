using Microsoft.Playwright;

namespace DeepFM.Tests;

/// <summary>What goes wrong in a page: errors and warnings of its console, errors of its scripts, requests that lead away.</summary>
sealed class PageComplaints
{
    readonly List<string> found = [];

    /// <summary>Listens to a page.</summary>
    /// <param name="page">Before it is opened.</param>
    /// <param name="isOwn">Whether an address belongs to the page; data of the page itself always do.</param>
    public PageComplaints(IPage page, Func<string, bool> isOwn)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") { Add($"console {message.Type}: {message.Text} ({message.Location})"); }
        };
        page.PageError += (_, error) => Add($"error: {error}");
        page.Request += (_, request) =>
        {
            bool own = isOwn(request.Url) || request.Url.StartsWith("data:", StringComparison.Ordinal)
                || request.Url.StartsWith("blob:", StringComparison.Ordinal);
            if (!own) { Add($"request: {request.Url}"); }
        };
    }

    /// <summary>All so far.</summary>
    public IReadOnlyList<string> Found
    {
        get
        {
            lock (found) { return [.. found]; }
        }
    }

    void Add(string complaint)
    {
        lock (found) { found.Add(complaint); }
    }
}
