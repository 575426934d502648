using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>Members of objects that clients have sent; what has another type is refused.</summary>
internal static class JsonRead
{
    public static string Text(this JsonObject json, string member) =>
        json.OptionalText(member) ?? throw Refusal.Malformed($"{member} is missing");

    public static string? OptionalText(this JsonObject json, string member) => json[member] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Refusal.Malformed($"{member} is not a string"),
    };

    public static bool Flag(this JsonObject json, string member) => json[member]?.GetValueKind() switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Refusal.Malformed($"{member} is not a boolean"),
    };

    public static JsonObject? OptionalObject(this JsonObject json, string member) => json[member] switch
    {
        null => null,
        JsonObject value => value,
        _ => throw Refusal.Malformed($"{member} is not an object"),
    };

    public static JsonArray? OptionalArray(this JsonObject json, string member) => json[member] switch
    {
        null => null,
        JsonArray value => value,
        _ => throw Refusal.Malformed($"{member} is not an array"),
    };

    /// <summary>Refuses members that have no meaning here.</summary>
    public static JsonObject Only(this JsonObject json, string what, params string[] members) =>
        json.Select(pair => pair.Key).Except(members).FirstOrDefault() is { } other
            ? throw Refusal.Malformed($"{what} has the member {other}, which has no meaning there")
            : json;
}
