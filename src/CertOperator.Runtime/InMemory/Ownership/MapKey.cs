using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>A field that tells the items of a list apart, and the value it has where an item leaves it out.</summary>
internal sealed record MapKey(string Name, JsonNode? Default = null)
{
    public static MapKey Parse(string text)
    {
        var parts = text.Split('=', 2);
        return new MapKey(parts[0], parts.Length == 2 ? JsonValue.Create(parts[1]) : null);
    }
}
