using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace CertOperator.Runtime.Schema;

/// <summary>
/// Turns the schema that .NET exports for a JSON type into a structural one, as CustomResourceDefinitions want it: one type
/// for each node, no references, no nulls.
/// </summary>
internal static class StructuralSchema
{
    private static readonly string[] Order =
    [
        "description", "type", "nullable", "format", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        "minProperties", "maxProperties", "items", "additionalProperties", "required", "properties",
    ];

    private const int MaxDepth = 16;

    public static JsonObject Of(JsonTypeInfo type) => Of(type, 0);

    /// <summary>Puts the keywords into the order in which people read them.</summary>
    public static JsonObject Sort(JsonObject schema)
    {
        var members = schema.OrderBy(member => Array.IndexOf(Order, member.Key) is >= 0 and var place ? place : Order.Length).ToList();
        schema.Clear();
        foreach (var (name, value) in members)
            schema[name] = value;
        return schema;
    }

    private static JsonObject Of(JsonTypeInfo type, int depth)
        => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TransformSchemaNode = (context, node) => Transform(context, node, depth) }).AsObject();

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node, int depth)
    {
        // `true` stands for a type whose converter tells nothing about its JSON.
        var schema = node as JsonObject ?? [];
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (schema.ContainsKey("$ref"))
        {
            // The exporter points to where the type stood first; a structural schema repeats it.
            schema = depth < MaxDepth
                ? Of(context.TypeInfo, depth + 1)
                : throw new InvalidOperationException($"{type} contains itself, which a structural schema cannot say.");
        }

        RemoveNull(schema);
        schema.Remove("default");
        if (schema["additionalProperties"] is JsonValue)
            schema.Remove("additionalProperties");
        if (schema.ContainsKey("enum"))
            schema["type"] = "string";
        AddFormat(schema, type);
        AddAttributes(schema, type);
        if (context.PropertyInfo?.AttributeProvider is { } property)
            AddAttributes(schema, property);
        AddNullable(schema);
        if (!schema.ContainsKey("type"))
            throw new InvalidOperationException(
                $"The JSON type of {context.PropertyInfo?.Name ?? "an item"} ({type}) is hidden by a converter: add [KubeType].");
        return Sort(schema);
    }

    private static void RemoveNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
            schema["type"] = types.Single(type => type!.GetValue<string>() != "null")!.DeepClone();
        if (schema["enum"] is JsonArray values)
            values.RemoveAll(value => value is null);
    }

    /// <summary>
    /// An apply that leaves out a whole map, object or list leaves null behind in older API servers (1.20 does), which they refuse unless
    /// the schema allows it.
    /// </summary>
    private static void AddNullable(JsonObject schema)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(name => (string?)name).ToHashSet();
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            if (value is JsonObject property && (string?)property["type"] is "object" or "array" && !required.Contains(name))
            {
                property["nullable"] = true;
                Sort(property);
            }
        }
    }

    private static void AddFormat(JsonObject schema, Type type)
    {
        if (type == typeof(DateTimeOffset))
            (schema["type"], schema["format"]) = ("string", "date-time");
        else if (type == typeof(int))
            schema["format"] = "int32";
        else if (type == typeof(long))
            schema["format"] = "int64";
        else if (type == typeof(byte[]))
            schema["format"] = "byte";
    }

    private static void AddAttributes(JsonObject schema, ICustomAttributeProvider provider)
    {
        foreach (var description in provider.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).Cast<DescriptionAttribute>())
            schema["description"] = description.Description;
        foreach (var rule in provider.GetCustomAttributes(typeof(KubeSchemaAttribute), inherit: false).Cast<KubeSchemaAttribute>())
            rule.Apply(rule.Each ? (schema["items"] ?? schema["additionalProperties"])!.AsObject() : schema);
    }
}
