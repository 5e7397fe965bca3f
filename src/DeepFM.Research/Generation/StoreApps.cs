using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>What does not change about an app.</summary>
/// <param name="Category">Index in <see cref="StoreNames.Categories"/>.</param>
/// <param name="SubCategory">Index in <see cref="StoreNames.SubCategories"/>.</param>
/// <param name="Price">Index in <see cref="StoreNames.Prices"/>.</param>
/// <param name="SizeMb">Size in megabytes.</param>
/// <param name="SizeBand">0 below 25 MB, 1 below 100, 2 below 400, 3 above.</param>
/// <param name="RatingTenths">10 to 50; 0 for an app without ratings.</param>
/// <param name="Arrival">First day that shows it: 1 for those that were there before, else 2 to 8.</param>
/// <param name="AgeAtDay0">Days since its publication on the day before day 1; negative for later ones.</param>
/// <param name="Quality">What only its id tells: mean 0, deviation 1.</param>
/// <param name="Trend">How its appeal moves from day to day: mean 0, deviation 1.</param>
readonly record struct StoreApp(byte Category, byte SubCategory, byte Price, int SizeMb, byte SizeBand, byte RatingTenths,
    byte Arrival, int AgeAtDay0, float Quality, float Trend);

/// <summary>All apps, by popularity, and what users like about them.</summary>
/// <remarks>
/// An app's taste vector is 0.7·(that of its category) + 0.7·(its own), both uniform; then the mean over impressions is
/// subtracted and the whole scaled, so that the product with a user's vector has mean 0 and deviation 1 for every user mix.
/// </remarks>
sealed class StoreApps
{
    readonly StoreApp[] apps;
    readonly float[] tastes;        // [AppCount, TasteSize]

    public StoreApps(int count, ulong seed)
    {
        Popularity = new(count, head: 10);
        ulong key = CounterRandom.Key(seed, StoreKeys.App);
        apps = [.. Enumerable.Range(0, count).Select(app => Draw(key, app))];
        tastes = Tastes(CounterRandom.Key(seed, StoreKeys.AppTaste));
    }

    /// <summary>Which apps are shown: the index is the rank.</summary>
    public LongTail Popularity { get; }

    public int Count => apps.Length;

    public ref readonly StoreApp this[int app] => ref apps[app];

    /// <summary>A, [TasteSize].</summary>
    public ReadOnlySpan<float> Taste(int app) => tastes.AsSpan(app * StoreUser.TasteSize, StoreUser.TasteSize);

    /// <summary>Share of impressions by a property of the app.</summary>
    public double[] Weights(int size, Func<StoreApp, int> property)
    {
        double[] weights = new double[size];
        for (int app = 0; app < Count; app++) { weights[property(apps[app])] += Popularity.Share(app); }
        return weights;
    }

    static StoreApp Draw(ulong key, int app)
    {
        ulong at = (ulong)app * 16;
        ulong Bits(ulong draw) => CounterRandom.Bits(key, at + draw);
        double Normal(ulong draw) => CounterRandom.Normal(key, at + draw);

        int category = StoreNames.CategoryShares.Of(Bits(0));
        int sub = StoreNames.FirstParts[category]
            + CounterRandom.Below(key, at + 1, StoreNames.Categories[category].Parts.Length);
        bool isGame = category == StoreNames.Category("games");
        int size = (int)Math.Clamp(Math.Exp((isGame ? 4.8 : 3.7) + 0.9 * Normal(2)), 1, 4000);
        int arrival = StoreKeys.Arrival(Bits(3), share: 0.14);
        int age = arrival > 1 ? -arrival : (int)Math.Clamp(Math.Exp(5.5 + 1.2 * Normal(4)), 1, 3650);
        double quality = Normal(5);
        // People rate what is good; so a rating tells about quality, also of apps that training has not seen.
        int rating = (int)Math.Round(Math.Clamp(10 * (3.9 + 0.4 * quality + 0.3 * Normal(6)), 10, 50));
        bool isRated = arrival == 1 && CounterRandom.Uniform(key, at + 7) >= 0.03f;
        return new((byte)category, (byte)sub, (byte)StoreNames.PriceShares.Of(Bits(8)), size,
            (byte)(size < 25 ? 0 : size < 100 ? 1 : size < 400 ? 2 : 3), (byte)(isRated ? rating : 0), (byte)arrival, age,
            (float)quality, (float)Normal(9));
    }

    float[] Tastes(ulong key)
    {
        const int R = StoreUser.TasteSize;
        float[] all = new float[Count * R];
        double[] mean = new double[R];
        double squares = 0;
        Span<float> common = stackalloc float[R], own = stackalloc float[R];
        for (int app = 0; app < Count; app++)
        {
            StoreUser.Unpack(CounterRandom.Bits(key, apps[app].Category), common);
            StoreUser.Unpack(CounterRandom.Bits(key, 1000 + (ulong)app), own);
            for (int r = 0; r < R; r++)
            {
                all[app * R + r] = 0.7f * (common[r] + own[r]);
                mean[r] += Popularity.Share(app) * all[app * R + r];
            }
        }
        for (int i = 0; i < all.Length; i++)
        {
            all[i] -= (float)mean[i % R];
            squares += Popularity.Share(i / R) * all[i] * all[i];
        }
        float scale = (float)(1 / Math.Sqrt(squares));      // entries of a user's vector have variance 1
        foreach (ref float value in all.AsSpan()) { value *= scale; }
        return all;
    }
}
