using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Tests;

/// <summary>Damages what is read, as people, disks and other programs do. The same seed does the same damage.</summary>
/// <param name="seed">Of the damage.</param>
sealed class Mutator(int seed)
{
    static readonly string[] words =
    [
        "", "0", "-1", "1e400", "NaN", "Infinity", "9223372036854775808", "2147483648", "0x10", " 1", "1,5", "\"", "'", "\\", "\\ud83d", "\0",
        "\uFEFF", "é", "😀", "\r", "\n", "\t", ",", ";", ":", "|", "null", "true", "{}", "[]", new('9', 40), new('x', 300),
    ];

    readonly Random random = new(seed);

    /// <summary>Some bytes changed, put in, taken out, copied to elsewhere, or all behind a place gone.</summary>
    public byte[] Bytes(byte[] whole)
    {
        List<byte> bytes = [.. whole];
        for (int changes = 1 + random.Next(4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1), length = Math.Min(bytes.Count - at, random.Next(40));
            switch (random.Next(7))
            {
                case 0 when length > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when length > 0: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, Math.Min(length, 8)); break;
                case 3: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
                case 4 when OneIn(6): bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Word())); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>The same for a text.</summary>
    public string Text(string whole) => Encoding.UTF8.GetString(Bytes(Encoding.UTF8.GetBytes(whole)));

    /// <summary>JSON with members that are gone, are there twice, or have the value of another place or of another kind.</summary>
    public string Json(string json)
    {
        if (OneIn(4)) { return Text(json); }
        JsonNode root = JsonNode.Parse(json)!;
        for (int changes = 1 + random.Next(3); changes > 0; changes--)
        {
            List<JsonNode> holders = [.. Holders(root)];
            JsonNode holder = holders[random.Next(holders.Count)];
            if (Count(holder) == 0) { Put(holder, -1, Scalar()); continue; }
            int at = random.Next(Count(holder));
            JsonNode other = holders[random.Next(holders.Count)];
            switch (random.Next(5))
            {
                case 0: Remove(holder, at); break;
                case 1: Put(holder, at, Count(other) == 0 ? null : Value(other, random.Next(Count(other)))?.DeepClone()); break;
                case 2: Put(holder, -1, Value(holder, at)?.DeepClone()); break;
                case 3 when Value(holder, at) is JsonValue value && value.GetValueKind() == JsonValueKind.String:
                    Put(holder, at, Text(value.GetValue<string>()));
                    break;
                default: Put(holder, at, Scalar()); break;
            }
        }
        string text = root.ToJsonString();
        return !OneIn(20) ? text : text.Insert(text.IndexOf('{') + 1, $"\"deep\":{new string('[', 300)}{new string(']', 300)},");
    }

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => random.Next(times) == 0;

    string Word() => words[random.Next(words.Length)];

    JsonNode? Scalar() => random.Next(10) switch
    {
        0 => null,
        1 => true,
        2 => random.Next(-2, 3),
        3 => int.MaxValue,
        4 => 1e300,
        5 => 0.5,
        6 => new JsonArray(),
        7 => new JsonObject(),
        8 => new JsonArray(null, 1),
        _ => Word(),
    };

    static IEnumerable<JsonNode> Holders(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Holders(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Holders).Prepend(items),
        _ => [],
    };

    static int Count(JsonNode holder) => holder is JsonObject members ? members.Count : ((JsonArray)holder).Count;

    static JsonNode? Value(JsonNode holder, int at) => holder is JsonObject members ? members.ElementAt(at).Value : holder[at];

    static void Remove(JsonNode holder, int at)
    {
        if (holder is JsonObject members) { members.Remove(members.ElementAt(at).Key); }
        else { ((JsonArray)holder).RemoveAt(at); }
    }

    // At −1: beside those that are there.
    void Put(JsonNode holder, int at, JsonNode? value)
    {
        if (holder is JsonObject members) { members[at < 0 ? Word() : members.ElementAt(at).Key] = value; }
        else if (at < 0) { ((JsonArray)holder).Add(value); }
        else { holder[at] = value; }
    }
}

/// <summary>That a reader takes or refuses whatever it is given, and never fails in another way.</summary>
static class Damaged
{
    const int LongestMessage = 2000;

    /// <summary>Gives a reader inputs that are damaged, each in its own way.</summary>
    /// <param name="count">How many.</param>
    /// <param name="damage">Makes one.</param>
    /// <param name="read">The reader; refuses with a <see cref="UserErrorException"/>.</param>
    public static void AssertReadOrRefused(int count, Func<Mutator, byte[]> damage, Action<byte[]> read)
    {
        int refused = 0;
        for (int seed = 1; seed <= count; seed++)
        {
            byte[] input = damage(new(seed));
            try { read(input); }
            catch (UserErrorException wrong) when (wrong.Message.Length is > 0 and <= LongestMessage) { refused++; }
            catch (Exception fault)
            {
                Assert.Fail($"Damage of seed {seed}: {fault}\nThe input, {input.Length} bytes:\n{Encoding.UTF8.GetString(input)}");
            }
        }
        Assert.True(refused > 0, "Nothing was refused: the inputs are not damaged, or not read.");
    }

    /// <summary>The same for JSON.</summary>
    public static void AssertReadOrRefused(int count, string json, Action<string> read) => AssertReadOrRefused(count,
        mutator => Encoding.UTF8.GetBytes(mutator.Json(json)), input => read(Encoding.UTF8.GetString(input)));
}
