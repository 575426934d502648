using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>An immutable set of field paths, kept as a tree of <see cref="PathElement"/>s.</summary>
internal sealed class FieldSet
{
    private static readonly IReadOnlyDictionary<string, FieldSet> None = new Dictionary<string, FieldSet>();
    private readonly IReadOnlyDictionary<string, FieldSet> _children;

    private FieldSet(bool isMember, IReadOnlyDictionary<string, FieldSet> children)
    {
        IsMember = isMember;
        _children = children;
    }

    public static FieldSet Empty { get; } = new(false, None);

    /// <summary>The path up to here and nothing below it.</summary>
    public static FieldSet Leaf { get; } = new(true, None);

    /// <summary>The path that ends here is in the set, whatever is in it of the paths below.</summary>
    public bool IsMember { get; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public static FieldSet Of(bool isMember, Dictionary<string, FieldSet> children)
        => children.Count > 0 ? new FieldSet(isMember, children) : isMember ? Leaf : Empty;

    /// <summary>The paths that a value consists of, as far as its shape takes it apart.</summary>
    public static FieldSet Of(JsonNode? value, FieldShape shape)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when !shape.Atomic:
                return Of(false, map.ToDictionary(field => PathElement.Field(field.Key), field => Of(field.Value, shape.Field(field.Key))));
            case JsonArray { Count: > 0 } list when shape.IsSet || shape.Keys is not null:
                var items = new Dictionary<string, FieldSet>();
                foreach (var item in list) items[PathElement.Item(item, shape)!] = Of(item, shape.Items).AsMember();
                return Of(false, items);
            default:
                return Leaf;
        }
    }

    public FieldSet AsMember() => IsMember ? this : new FieldSet(true, _children);

    public FieldSet Union(FieldSet other)
    {
        if (IsEmpty || ReferenceEquals(this, other)) return other;
        if (other.IsEmpty) return this;
        var children = new Dictionary<string, FieldSet>(_children);
        foreach (var (element, theirs) in other._children)
            children[element] = children.TryGetValue(element, out var ours) ? ours.Union(theirs) : theirs;
        return Of(IsMember || other.IsMember, children);
    }

    public FieldSet Except(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        var children = new Dictionary<string, FieldSet>();
        foreach (var (element, ours) in _children)
        {
            var rest = other._children.TryGetValue(element, out var theirs) ? ours.Except(theirs) : ours;
            if (!rest.IsEmpty) children[element] = rest;
        }

        return Of(IsMember && !other.IsMember, children);
    }

    public FieldSet Intersect(FieldSet other)
    {
        var children = new Dictionary<string, FieldSet>();
        foreach (var (element, ours) in _children)
        {
            if (!other._children.TryGetValue(element, out var theirs)) continue;
            var common = ours.Intersect(theirs);
            if (!common.IsEmpty) children[element] = common;
        }

        return Of(IsMember && other.IsMember, children);
    }

    public bool SetEquals(FieldSet other)
        => IsMember == other.IsMember
            && _children.Count == other._children.Count
            && _children.All(child => other._children.TryGetValue(child.Key, out var theirs) && child.Value.SetEquals(theirs));

    /// <summary>Every member's path, as conflict messages print paths.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember) yield return prefix;
        foreach (var (element, below) in _children.OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            foreach (var path in below.Paths(prefix + PathElement.Describe(element))) yield return path;
        }
    }

    /// <summary>The <c>fieldsV1</c> of a managedFields entry.</summary>
    public JsonObject ToFieldsV1()
    {
        var json = new JsonObject();
        if (IsMember && _children.Count > 0) json["."] = new JsonObject();
        foreach (var (element, below) in _children.OrderBy(child => child.Key, StringComparer.Ordinal)) json[element] = below.ToFieldsV1();
        return json;
    }
}
