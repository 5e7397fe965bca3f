using System.Text.Json;

namespace DeepFM;

/// <summary>What is wrong with a JSON text, for a message that names file and line itself.</summary>
static class JsonFault
{
    /// <summary>The exception's message without the place, which it counts from 0.</summary>
    public static string Of(JsonException wrong) => wrong.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
}
