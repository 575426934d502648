using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Schemas;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>Makes a served kind of a CustomResourceDefinition. The storage version is the one that is served.</summary>
internal static class CrdReader
{
    public static ServedResource Read(JsonObject crd)
    {
        var spec = crd["spec"]!.AsObject();
        var names = spec["names"]!.AsObject();
        var version = StorageVersion(crd)!;
        var schema = StructuralSchema.Parse(version["schema"]!["openAPIV3Schema"]!.AsObject());
        var type = new ResourceType(
            (string)spec["group"]!,
            (string)version["name"]!,
            (string)names["kind"]!,
            (string)names["plural"]!,
            (string?)spec["scope"] == "Namespaced");
        return new ServedResource(type)
        {
            Singular = names["singular"].Text() ?? type.Kind.ToLowerInvariant(),
            ListKind = names["listKind"].Text() ?? type.Kind + "List",
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            HasStatus = version["subresources"]?["status"] is JsonObject,
            HasGeneration = true,
            UnconditionalReplace = false,
            Schema = schema,
            Shape = ObjectShapes.Of(schema.ToShape()),
        };
    }

    public static IEnumerable<FieldError> Check(JsonObject crd)
    {
        var spec = crd["spec"];
        var (group, plural) = (spec?["group"].Text(), spec?["names"]?["plural"].Text());
        if (string.IsNullOrEmpty(group)) yield return FieldError.Required("spec.group");
        if (string.IsNullOrEmpty(plural)) yield return FieldError.Required("spec.names.plural");
        if (string.IsNullOrEmpty(spec?["names"]?["kind"].Text())) yield return FieldError.Required("spec.names.kind");
        if (spec?["scope"].Text() is not ("Namespaced" or "Cluster")) yield return FieldError.Required("spec.scope");
        if (crd.Name() != $"{plural}.{group}")
            yield return FieldError.Invalid("metadata.name", $"\"{crd.Name()}\"", $"must be spec.names.plural+\".\"+spec.group");
        if (StorageVersion(crd) is not { } version)
            yield return FieldError.Invalid("spec.versions", "\"\"", "must have exactly one version marked as storage version");
        else if (version["schema"]?["openAPIV3Schema"] is not JsonObject)
            yield return FieldError.Required("spec.versions[0].schema.openAPIV3Schema", "schemas are required");
    }

    private static JsonObject? StorageVersion(JsonObject crd)
    {
        var stored = (crd["spec"]?["versions"] as JsonArray ?? []).OfType<JsonObject>().Where(version => (bool?)version["storage"] == true).ToList();
        return stored.Count == 1 ? stored[0] : null;
    }

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => item.Text()).OfType<string>()];
}
