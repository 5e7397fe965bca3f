using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>The click probability of an impression.</summary>
/// <remarks>
/// <para>P(click) = ½·σ(z + s) + ½·σ(z − s), because of each two impressions one meets a user who means to install something
/// (s = <see cref="Intent"/>), which no field shows. z is <see cref="Base"/>, plus the tables of <see cref="StoreEffects"/>, plus</para>
/// <list type="bullet">
/// <item>0.55·(the user's readiness) + 0.65·(the app's quality), both with mean 0 and deviation 1, told by the ids alone;</item>
/// <item>0.25·(rating − 3.9), 0 for apps without one; −0.15·ln(size / 60 MB); 0.6·e^(−age of the app / 20 days);</item>
/// <item>0.8·⟨u, a⟩, the user's taste and the app's, 8 numbers each; the product has deviation 1;</item>
/// <item>0.4 for each recent download of the app's category, and −1.5 when the app itself is among them;</item>
/// <item>0.1·(day − 4)·(the app's trend), deviation 1: the drift, which no field shows. On day 8 it has gone on.</item>
/// </list>
/// </remarks>
sealed class ClickFunction
{
    /// <summary>Chosen so that about 15 % of impressions are clicked: rates of app stores are said to lie between 10 and 25 %
    /// (Guo et al. 2018, figure 15), and a tenth or more of clicks lets small runs learn.</summary>
    public const double Base = -2.95;

    /// <summary>s, which no field explains.</summary>
    public const double Intent = 0.7;

    const float OfReadiness = 0.55f, OfQuality = 0.65f, OfRating = 0.25f, OfSize = -0.15f, OfNewness = 0.6f, NewnessDays = 20,
        OfTaste = 0.8f, OfSameCategory = 0.4f, OfAlreadyThere = -1.5f, OfTrend = 0.1f;

    readonly StoreApps apps;
    readonly EffectTable[] tables;
    readonly float[] ofApp;             // quality, rating and size together, by app
    readonly float[] newness;           // by days; the last stands for all that are more

    public ClickFunction(StoreApps apps, ulong seed)
    {
        this.apps = apps;
        tables = StoreEffects.Make(apps, CounterRandom.Key(seed, StoreKeys.Effect));
        ofApp = [.. Enumerable.Range(0, apps.Count).Select(app => Quality(app) + Rating(app) + Size(app))];
        newness = [.. Enumerable.Range(0, 200).Select(days => OfNewness * MathF.Exp(-days / NewnessDays))];
        Components =
        [
            new("readiness of the user", "user", LogitPart.Order1, row => OfReadiness * row.UserBias),
            new("quality of the app", "app", LogitPart.Order1, row => Quality(row.App)),
            new("rating", "rating", LogitPart.Order1, row => Rating(row.App)),
            new("size", "sizeMb", LogitPart.Order1, row => Size(row.App)),
            new("newness of the app", "appAgeDays", LogitPart.Order1, Newness),
            new("taste", "user × app", LogitPart.Order2, Taste),
            new("recent downloads", "recentDownloads × app", LogitPart.Order2, Recent),
            .. tables.SelectMany(ComponentsOf),
            new("drift of the app", "none (day)", LogitPart.Drift, Drift),
            new("intent of the user", "none", LogitPart.Noise, row => (float)(row.Intends ? Intent : -Intent)),
        ];
    }

    /// <summary>z and the intent, told into the parts that its documentation names; with <see cref="Base"/> they add up.</summary>
    public IReadOnlyList<LogitComponent> Components { get; }

    /// <summary>The tables of effects, for those who check them.</summary>
    public IReadOnlyList<EffectTable> Tables => tables;

    /// <summary>z: the logit but for the intent.</summary>
    public double Logit(Impression row)
    {
        float sum = OfReadiness * row.UserBias + ofApp[row.App] + Newness(row) + Taste(row) + Recent(row) + Drift(row);
        foreach (EffectTable table in tables) { sum += table.Of(row.At); }
        return Base + sum;
    }

    /// <summary>P(click) of z, the intent being unknown.</summary>
    public static double Probability(double z) => 0.5 * (Sigmoid(z + Intent) + Sigmoid(z - Intent));

    /// <summary>Whether the impression is clicked: its draw against the probability with its intent.</summary>
    public static bool IsClick(Impression row, double z) => row.ClickDraw < Sigmoid(z + (row.Intends ? Intent : -Intent));

    static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    float Quality(int app) => OfQuality * apps[app].Quality;

    float Rating(int app) => apps[app].RatingTenths is > 0 and byte tenths ? OfRating * (tenths / 10f - 3.9f) : 0;

    float Size(int app) => OfSize * MathF.Log(apps[app].SizeMb / 60f);

    float Newness(Impression row) => newness[Math.Min(row.AppAge, newness.Length - 1)];

    float Taste(Impression row) => OfTaste * Product(row.Taste, apps.Taste(row.App));

    float Drift(Impression row) => OfTrend * (row.Day - 4) * apps[row.App].Trend;

    float Recent(Impression row)
    {
        int category = row.At[Axis.Category];
        float sum = 0;
        for (int i = 0; i < row.RecentCount; i++)
        {
            if (apps[row.Recent[i]].Category == category) { sum += OfSameCategory; }
            if (row.Recent[i] == row.App) { sum += OfAlreadyThere; }
        }
        return sum;
    }

    /// <summary>⟨u, a⟩, added in one order, so that every machine gives the same.</summary>
    public static float Product(ReadOnlySpan<float> u, ReadOnlySpan<float> a)
    {
        float even = 0, odd = 0;
        for (int r = 0; r < StoreUser.TasteSize && r < u.Length && r < a.Length; r += 2)
        {
            even += u[r] * a[r];
            odd += u[r + 1] * a[r + 1];
        }
        return even + odd;
    }

    static IEnumerable<LogitComponent> ComponentsOf(EffectTable table) => Enumerable.Range(1, table.Order).Where(table.Has).Select(order =>
        new LogitComponent(table.Name, string.Join(" × ", table.Axes.Select(axis => Axis.Fields[axis])),
            (LogitPart)(order - 1), row => table.Part(order, row.At)));
}

/// <summary>A part of the logit of one order.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Fields">The fields that show it.</param>
/// <param name="Part">Which part of the whole it belongs to.</param>
/// <param name="Of">Its value for an impression.</param>
sealed record LogitComponent(string Name, string Fields, LogitPart Part, Func<Impression, float> Of);
