using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>
/// One step of a field path, in the notation of managedFields: <c>f:name</c>, <c>k:{"type":"Ready"}</c>, <c>v:"value"</c>.
/// </summary>
internal static class PathElement
{
    public static string Field(string name) => "f:" + name;

    public static bool IsField(string element) => element.StartsWith("f:", StringComparison.Ordinal);

    /// <summary>Names an item of a list; null if the shape makes the list one indivisible value.</summary>
    public static string? Item(JsonNode? item, FieldShape list)
    {
        if (list.IsSet) return "v:" + item.Show();
        return list.Keys is null ? null : Key(item, list.Keys);
    }

    /// <summary>As a conflict message prints it: <c>.name</c>, <c>[type="Ready"]</c>, <c>[="value"]</c>.</summary>
    public static string Describe(string element) => element[0] switch
    {
        'f' => "." + element[2..],
        'v' => $"[={element[2..]}]",
        _ => $"[{string.Join(',', KeyFields(element).Select(field => $"{field.Key}={field.Value.Show()}"))}]",
    };

    private static JsonObject KeyFields(string element) => JsonNode.Parse(element[2..])!.AsObject();

    private static string Key(JsonNode? item, IReadOnlyList<MapKey> keys)
    {
        var values = new JsonObject();
        foreach (var key in keys)
        {
            var value = (item as JsonObject)?[key.Name] ?? key.Default;
            if (value is not null) values[key.Name] = value.DeepClone();
        }

        return "k:" + values.Show();
    }
}
