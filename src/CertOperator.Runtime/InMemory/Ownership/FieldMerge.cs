using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>Writes applied fields into an object, and takes abandoned ones out of it.</summary>
internal static class FieldMerge
{
    public static void Into(JsonObject target, JsonObject applied, FieldShape shape)
    {
        foreach (var (name, value) in applied)
        {
            var live = target[name];
            var merged = Merged(live, value, shape.Field(name));
            if (live is null || !ReferenceEquals(live, merged)) target[name] = merged;
        }
    }

    public static void Remove(JsonNode target, FieldSet doomed, FieldShape shape)
    {
        if (target is JsonObject map)
        {
            foreach (var (element, below) in doomed.Children.Where(child => PathElement.IsField(child.Key)))
            {
                var name = element[2..];
                if (below.IsMember) map.Remove(name);
                else if (map[name] is { } child) Remove(child, below, shape.Field(name));
            }
        }
        else if (target is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (PathElement.Item(list[i], shape) is not { } element || !doomed.Children.TryGetValue(element, out var below)) continue;
                if (below.IsMember) list.RemoveAt(i);
                else if (list[i] is { } item) Remove(item, below, shape.Items);
            }
        }
    }

    /// <summary>The value to store; <paramref name="live"/> may be changed in place and returned.</summary>
    private static JsonNode? Merged(JsonNode? live, JsonNode? applied, FieldShape shape)
    {
        if (live is JsonObject liveMap && applied is JsonObject appliedMap && !shape.Atomic)
        {
            Into(liveMap, appliedMap, shape);
            return liveMap;
        }

        if (live is JsonArray liveList && applied is JsonArray appliedList && (shape.IsSet || shape.Keys is not null))
        {
            MergeItems(liveList, appliedList, shape);
            return liveList;
        }

        return applied?.DeepClone();
    }

    private static void MergeItems(JsonArray live, JsonArray applied, FieldShape shape)
    {
        var positions = new Dictionary<string, int>();
        for (var i = 0; i < live.Count; i++) positions[PathElement.Item(live[i], shape)!] = i;
        foreach (var item in applied)
        {
            if (positions.TryGetValue(PathElement.Item(item, shape)!, out var at)) Replace(live, at, Merged(live[at], item, shape.Items));
            else live.Add(item?.DeepClone());
        }
    }

    private static void Replace(JsonArray list, int at, JsonNode? merged)
    {
        if (!ReferenceEquals(list[at], merged)) list[at] = merged;
    }
}
