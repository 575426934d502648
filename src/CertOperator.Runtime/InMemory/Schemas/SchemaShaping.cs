using System.Globalization;
using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Schemas;

/// <summary>Brings an object into the form that its schema wants: unknown fields out, defaults in.</summary>
internal static class SchemaShaping
{
    /// <summary>Removes what the schema does not know.</summary>
    /// <returns>The paths that were removed.</returns>
    public static IReadOnlyList<string> Prune(JsonObject root, StructuralSchema schema)
    {
        var pruned = new List<string>();
        PruneFields(root, schema, "", pruned, isObject: true);
        return pruned;
    }

    /// <summary>Fills in defaults, and drops nulls where the schema has no room for them.</summary>
    public static void Default(JsonNode? value, StructuralSchema schema)
    {
        switch (value)
        {
            case JsonObject map:
                DefaultFields(map, schema);
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list) Default(item, items);
                break;
        }
    }

    private static void DefaultFields(JsonObject map, StructuralSchema schema)
    {
        foreach (var (name, property) in schema.Properties)
        {
            var missing = !map.TryGetPropertyValue(name, out var value) || (value is null && !property.Nullable);
            if (missing && property.Default is not null) map[name] = property.Default.DeepClone();
            else if (missing) map.Remove(name);
        }

        foreach (var (name, value) in map)
        {
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } known) Default(value, known);
        }
    }

    private static void Prune(JsonNode? value, StructuralSchema schema, string path, List<string> pruned)
    {
        if (value is JsonObject map)
        {
            PruneFields(map, schema, path, pruned, schema.EmbeddedResource);
        }
        else if (value is JsonArray list && schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++) Prune(list[i], items, $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", pruned);
        }
    }

    private static void PruneFields(JsonObject map, StructuralSchema schema, string path, List<string> pruned, bool isObject)
    {
        foreach (var name in map.Select(field => field.Key).ToList())
        {
            if (isObject && name is "apiVersion" or "kind" or "metadata") continue;
            var at = $"{path}.{name}";
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } known)
            {
                Prune(map[name], known, at, pruned);
            }
            else if (!schema.PreserveUnknownFields)
            {
                map.Remove(name);
                pruned.Add(at);
            }
        }
    }
}
