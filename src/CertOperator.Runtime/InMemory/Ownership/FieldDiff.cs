using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>The paths in which two states of a value differ.</summary>
internal sealed record FieldDiff(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    private static readonly FieldDiff Nothing = new(FieldSet.Empty, FieldSet.Empty, FieldSet.Empty);
    private static readonly FieldDiff Changed = Nothing with { Modified = FieldSet.Leaf };

    public FieldSet AddedOrModified => Added.Union(Modified);

    public static FieldDiff Between(JsonNode? before, JsonNode? after, FieldShape shape)
    {
        if (before is null && after is null) return Nothing;
        if (before is null) return Nothing with { Added = FieldSet.Of(after, shape).AsMember() };
        if (after is null) return Nothing with { Removed = FieldSet.Of(before, shape).AsMember() };
        if (before is JsonObject oldMap && after is JsonObject newMap && !shape.Atomic)
            return Combine(oldMap.ToDictionary(Name, Value), newMap.ToDictionary(Name, Value), element => shape.Field(element[2..]));
        if (before is JsonArray oldList && after is JsonArray newList && (shape.IsSet || shape.Keys is not null))
            return Combine(ByElement(oldList, shape), ByElement(newList, shape), _ => shape.Items);
        return JsonNode.DeepEquals(before, after) ? Nothing : Replaced(before, after, shape);

        static string Name(KeyValuePair<string, JsonNode?> field) => PathElement.Field(field.Key);
        static JsonNode? Value(KeyValuePair<string, JsonNode?> field) => field.Value;
    }

    private static FieldDiff Replaced(JsonNode before, JsonNode after, FieldShape shape)
        => before is JsonValue && after is JsonValue
            ? Changed
            : new FieldDiff(FieldSet.Of(after, shape), FieldSet.Leaf, FieldSet.Of(before, shape).Except(FieldSet.Leaf));

    private static Dictionary<string, JsonNode?> ByElement(JsonArray list, FieldShape shape)
    {
        var items = new Dictionary<string, JsonNode?>();
        foreach (var item in list) items[PathElement.Item(item, shape)!] = item;
        return items;
    }

    private static FieldDiff Combine(
        Dictionary<string, JsonNode?> before, Dictionary<string, JsonNode?> after, Func<string, FieldShape> shapeOf)
    {
        Dictionary<string, FieldSet> added = [], modified = [], removed = [];
        foreach (var element in before.Keys.Union(after.Keys))
        {
            var diff = Between(before.GetValueOrDefault(element), after.GetValueOrDefault(element), shapeOf(element));
            Keep(added, element, diff.Added);
            Keep(modified, element, diff.Modified);
            Keep(removed, element, diff.Removed);
        }

        return added.Count + modified.Count + removed.Count == 0
            ? Nothing
            : new FieldDiff(FieldSet.Of(false, added), FieldSet.Of(false, modified), FieldSet.Of(false, removed));

        static void Keep(Dictionary<string, FieldSet> into, string element, FieldSet set)
        {
            if (!set.IsEmpty) into[element] = set;
        }
    }
}
