using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Ownership;

namespace CertOperator.Runtime.InMemory.Schemas;

/// <summary>
/// A node of a CustomResourceDefinition's <c>openAPIV3Schema</c>, as far as it shapes objects. Rules in CEL
/// (<c>x-kubernetes-validations</c>) are ignored, as by servers before 1.25.
/// </summary>
internal sealed record StructuralSchema
{
    private static readonly IReadOnlyDictionary<string, StructuralSchema> NoProperties = new Dictionary<string, StructuralSchema>();

    public required ValueRules Rules { get; init; }

    public required IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; }

    /// <summary>Schema of the values of a map with free keys.</summary>
    public StructuralSchema? AdditionalProperties { get; init; }

    public StructuralSchema? Items { get; init; }

    public JsonNode? Default { get; init; }

    public bool Nullable { get; init; }

    public bool PreserveUnknownFields { get; init; }

    /// <summary>Holds a whole Kubernetes object.</summary>
    public bool EmbeddedResource { get; init; }

    public bool IsSet { get; init; }

    /// <summary>Names of the fields that tell list items apart.</summary>
    public IReadOnlyList<string>? MapKeys { get; init; }

    public bool AtomicMap { get; init; }

    public static StructuralSchema Parse(JsonObject json) => new()
    {
        Rules = ValueRules.Parse(json),
        Properties = json["properties"] is JsonObject properties
            ? properties.ToDictionary(property => property.Key, property => Parse(property.Value!.AsObject()))
            : NoProperties,
        AdditionalProperties = json["additionalProperties"] switch
        {
            JsonObject schema => Parse(schema),
            JsonValue allowed when (bool)allowed => Parse(new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true }),
            _ => null,
        },
        Items = json["items"] is JsonObject items ? Parse(items) : null,
        Default = json["default"]?.DeepClone(),
        Nullable = (bool?)json["nullable"] ?? false,
        PreserveUnknownFields = (bool?)json["x-kubernetes-preserve-unknown-fields"] ?? false,
        EmbeddedResource = (bool?)json["x-kubernetes-embedded-resource"] ?? false,
        IsSet = (string?)json["x-kubernetes-list-type"] == "set",
        MapKeys = json["x-kubernetes-list-map-keys"] is JsonArray keys ? [.. keys.Select(key => (string)key!)] : null,
        AtomicMap = (string?)json["x-kubernetes-map-type"] == "atomic",
    };

    /// <summary>How server-side apply takes such values apart.</summary>
    public FieldShape ToShape() => new()
    {
        Atomic = AtomicMap,
        IsSet = IsSet,
        Keys = MapKeys is null
            ? null
            : [.. MapKeys.Order(StringComparer.Ordinal).Select(key => new MapKey(key, Items?.Properties.GetValueOrDefault(key)?.Default))],
        Fields = Properties.Count == 0 ? null : Properties.ToDictionary(property => property.Key, property => property.Value.ToShape()),
        Elements = (AdditionalProperties ?? Items)?.ToShape(),
    };
}
