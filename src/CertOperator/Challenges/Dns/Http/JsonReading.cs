using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>Reads JSON of which nothing is certain (what is absent or of another type is empty), and writes it.</summary>
internal static class JsonReading
{
    public static JsonElement Member(this JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement member) ? member : default;

    public static string? Text(this JsonElement json, string name)
        => json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A whole number, also one that is written as a text.</summary>
    public static long? Number(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), out long value) => value,
        _ => null,
    };

    public static bool? Flag(this JsonElement json, string name)
        => json.Member(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string name)
        => json.Member(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    /// <summary>The texts of a list of texts.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement json, string name)
        => [.. json.Items(name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    /// <summary>JSON as it is sent.</summary>
    public static byte[] ToUtf8(this JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
