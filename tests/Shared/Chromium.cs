using Microsoft.Playwright;

namespace DeepFM.Tests;

/// <summary>The Chromium that is installed here, without a window. No browser is downloaded.</summary>
sealed class Chromium : IAsyncDisposable
{
    static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    readonly IPlaywright playwright;
    readonly IBrowser browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Starts it; null where there is none.</summary>
    public static async Task<Chromium?> TryStartAsync()
    {
        string? path = Environment.GetEnvironmentVariable("DEEPFM_CHROMIUM") ?? Places().FirstOrDefault(File.Exists);
        if (path is null) { return null; }
        IPlaywright playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        }));
    }

    /// <summary>Skips the test: <see cref="TryStartAsync"/> has found no browser.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Skip() => Missing.Skip("No Chromium was found. Install it (on Debian: apt-get install chromium), "
        + "or name one in DEEPFM_CHROMIUM.");

    /// <summary>A window with nothing stored.</summary>
    public Task<IBrowserContext> WindowAsync(BrowserNewContextOptions options) => browser.NewContextAsync(options);

    /// <summary>Whether <c>DEEPFM_SCREENSHOTS</c> names a folder.</summary>
    public static bool TakesPictures => Environment.GetEnvironmentVariable("DEEPFM_SCREENSHOTS") is { Length: > 0 };

    /// <summary>Saves a picture of the page in the folder that <c>DEEPFM_SCREENSHOTS</c> names, to look at it.</summary>
    public static async Task PictureAsync(IPage page, string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("DEEPFM_SCREENSHOTS") is { Length: > 0 } pictures)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{name}.png"), FullPage = whole });
        }
    }

    // The folders of the path, and that of the system, which may be missing from it.
    static IEnumerable<string> Places() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/bin")
        .SelectMany(folder => names.Select(name => Path.Combine(folder, name)));

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
