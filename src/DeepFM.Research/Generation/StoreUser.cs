using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>A user, made from the seed and the id alone: no table grows with the number of users.</summary>
readonly struct StoreUser
{
    /// <summary>R, the length of taste vectors.</summary>
    public const int TasteSize = 8;

    readonly ulong taste;

    /// <param name="key">Key of all users, from the seed.</param>
    /// <param name="user">The id's number.</param>
    public StoreUser(ulong key, int user)
    {
        ulong at = (ulong)user * 4, profile = CounterRandom.Bits(key, at), more = CounterRandom.Bits(key, at + 1);
        Age = StoreNames.AgeShares.Of(profile);
        Gender = StoreNames.GenderShares.Of(profile >> 12);
        Device = StoreNames.DeviceShares.Of(profile >> 24);
        City = StoreNames.CityShares.Of(profile >> 36);
        // A device runs one of three systems in a row; the newer ones have the newer systems.
        System = Device % (StoreNames.Systems.Length - 2) + (int)((profile >> 48) % 3);
        Arrival = StoreKeys.Arrival(more, share: 0.25);
        // The sum of two uniform numbers: mean 0, deviation 1, at most √6.
        Bias = (float)(((more & 0xFFFF_FFFF) + (CounterRandom.Bits(key, at + 3) >> 32)) * (2.449489742783178 / 4294967296.0)
            - 2.449489742783178);
        taste = CounterRandom.Bits(key, at + 2);
    }

    public int Age { get; }
    public int Gender { get; }
    public int Device { get; }
    public int City { get; }
    public int System { get; }

    /// <summary>First day of the user: 1 for those who were there before, else 2 to 8.</summary>
    public int Arrival { get; }

    /// <summary>How readily the user clicks; what only the id tells. Mean 0, deviation 1.</summary>
    public float Bias { get; }

    /// <summary>Writes the taste vector, [TasteSize].</summary>
    public void Taste(Span<float> to) => Unpack(taste, to);

    /// <summary>Eight numbers, each uniform over 256 places of [−√3, √3]: mean 0, deviation 1.</summary>
    public static void Unpack(ulong bits, Span<float> to)
    {
        // The deviation of {±1, ±3, …, ±255} is √((256² − 1)/3).
        const float unit = 1 / 147.80054f;
        for (int r = 0; r < TasteSize; r++, bits >>= 8) { to[r] = (2 * (int)(bits & 255) - 255) * unit; }
    }
}

/// <summary>What random numbers are drawn for, and draws that users and apps share.</summary>
static class StoreKeys
{
    public const ulong App = 1, AppTaste = 2, User = 3, Recent = 4, RecentCount = 5, Row = 6, Effect = 7;

    /// <summary>The first day, 1 to 8: the given share comes evenly on days 2 to 8, the others are there before.</summary>
    public static int Arrival(ulong bits, double share)
    {
        double u = (bits >> 32) * (1.0 / 4294967296.0);
        return u >= share ? 1 : 2 + (int)(u / share * (AppStore.DayCount - 1));
    }
}
