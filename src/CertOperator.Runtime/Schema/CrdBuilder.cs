using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Schema;

/// <summary>
/// Makes the CustomResourceDefinition of a kind from its C# type. Reads attributes, so it is for tools and tests; a
/// published program carries the result.
/// </summary>
public static class CrdBuilder
{
    /// <summary>The document to apply. The kind has a status subresource if it has a property <c>status</c>.</summary>
    public static JsonObject Build<T>()
        where T : class, IKubeObject<T>
    {
        var type = T.Type;
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = type.QualifiedName },
            ["spec"] = new JsonObject
            {
                ["group"] = type.Group,
                ["names"] = Names(type, Attributes<KubeCustomResourceAttribute>(typeof(T)).SingleOrDefault()),
                ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray(Version<T>(type.Version)),
            },
        };
    }

    private static JsonObject Names(ResourceType type, KubeCustomResourceAttribute? options)
    {
        var names = new JsonObject
        {
            ["kind"] = type.Kind,
            ["listKind"] = $"{type.Kind}List",
            ["plural"] = type.Plural,
            ["singular"] = type.Kind.ToLowerInvariant(),
        };
        if (options?.ShortNames is { Length: > 0 } shortNames)
            names["shortNames"] = Words(shortNames);
        if (options?.Categories is { Length: > 0 } categories)
            names["categories"] = Words(categories);
        return names;
    }

    private static JsonObject Version<T>(string name)
        where T : class, IKubeObject<T>
    {
        var schema = StructuralSchema.Of(T.Json);
        var properties = schema["properties"]!.AsObject();
        properties["apiVersion"] = new JsonObject { ["type"] = "string" };
        properties["kind"] = new JsonObject { ["type"] = "string" };
        properties["metadata"] = new JsonObject { ["type"] = "object" };
        schema.Remove("required");
        if (properties.ContainsKey("spec"))
            schema["required"] = Words(["spec"]);

        var version = new JsonObject
        {
            ["name"] = name,
            ["served"] = true,
            ["storage"] = true,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = StructuralSchema.Sort(schema) },
        };
        if (properties.ContainsKey("status"))
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        if (Attributes<KubePrinterColumnAttribute>(typeof(T)).ToList() is { Count: > 0 } columns)
            version["additionalPrinterColumns"] = new JsonArray([.. columns.Select(Column)]);
        return version;
    }

    private static JsonObject Column(KubePrinterColumnAttribute column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority > 0)
            json["priority"] = column.Priority;
        if (column.Description is { } description)
            json["description"] = description;
        return json;
    }

    private static JsonArray Words(string[] words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static IEnumerable<TAttribute> Attributes<TAttribute>(Type type)
        where TAttribute : Attribute
        => type.GetCustomAttributes(typeof(TAttribute), inherit: false).Cast<TAttribute>();
}
