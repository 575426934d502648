using System.Globalization;
using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>Looks for lists that cannot be taken apart: items that nothing tells from one another.</summary>
internal static class ShapeCheck
{
    /// <summary>The first problem, in the words of the API server; null if there is none.</summary>
    public static string? Problem(JsonNode? value, FieldShape shape, string path = "") => value switch
    {
        JsonObject map when !shape.Atomic =>
            map.Select(field => Problem(field.Value, shape.Field(field.Key), $"{path}.{field.Key}")).FirstOrDefault(problem => problem is not null),
        JsonArray list when shape.IsSet || shape.Keys is not null => ItemProblem(list, shape, path),
        _ => null,
    };

    private static string? ItemProblem(JsonArray list, FieldShape shape, string path)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var missing = shape.Keys?.FirstOrDefault(key => key.Default is null && (list[i] as JsonObject)?[key.Name] is null);
            if (missing is not null)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: element {i}: associative list with keys has an element that omits key field \"{missing.Name}\" (and doesn't have default value)");
            }

            var element = PathElement.Item(list[i], shape)!;
            if (!seen.Add(element)) return $"{path}: duplicate entries for key {PathElement.Describe(element)}";
            if (Problem(list[i], shape.Items, path + PathElement.Describe(element)) is { } problem) return problem;
        }

        return null;
    }
}
