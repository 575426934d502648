using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Schemas;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>Makes of what a client sends what may be stored.</summary>
internal static class ObjectPreparation
{
    private static readonly string[] Fixed =
        ["name", "generateName", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Checks what a request says about itself, and brings the metadata into shape.</summary>
    /// <exception cref="ApiStatusException">It is for another kind, namespace or name than the request's.</exception>
    public static JsonObject Accept(ServedResource resource, JsonObject incoming, ObjectKey key)
    {
        var type = resource.Type;
        if (incoming["apiVersion"].Text() != type.ApiVersion || incoming["kind"].Text() != type.Kind)
        {
            throw Refusals.BadRequest(
                $"{incoming["kind"].Text()} in version \"{incoming["apiVersion"].Text()}\" cannot be handled as a {type.Kind} in version \"{type.ApiVersion}\"");
        }

        // Numbers that C# put in keep their C# type in a clone; parsed ones can be read as any.
        var json = JsonNode.Parse(incoming.ToJsonString())!.AsObject();
        MetadataRules.Normalise(json);
        var metadata = json.Metadata();
        if (json.Namespace().Length > 0 && json.Namespace() != key.Namespace)
            throw Refusals.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        if (key.Name.Length > 0 && json.Name().Length > 0 && json.Name() != key.Name)
            throw Refusals.BadRequest($"the name of the object ({json.Name()}) does not match the name on the URL ({key.Name})");
        if (type.Namespaced) metadata["namespace"] = key.Namespace;
        if (key.Name.Length > 0) metadata["name"] = key.Name;
        return json;
    }

    /// <summary>A new object with the fields that only the server sets. Validated.</summary>
    public static JsonObject Create(ServedResource resource, JsonObject accepted, DateTimeOffset now)
    {
        var metadata = accepted.Metadata();
        foreach (var name in new[] { "resourceVersion", "generation", "deletionTimestamp", "deletionGracePeriodSeconds" }) metadata.Remove(name);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = now.ToKubeTime();
        if (resource.HasGeneration) metadata["generation"] = 1L;
        if (resource.HasStatus) accepted.Remove("status");
        Complete(resource, accepted);
        Validate(resource, accepted, null);
        return accepted;
    }

    /// <summary>The next state of an object: what this door may not change is as before. Validated.</summary>
    public static JsonObject Update(ServedResource resource, JsonObject before, JsonObject wanted, string subresource)
    {
        var after = subresource == "status" ? WithStatus(before, wanted) : WithoutStatus(resource, before, wanted);
        var metadata = after.Metadata();
        foreach (var name in Fixed)
        {
            if (before["metadata"]![name] is { } kept) metadata[name] = kept.DeepClone();
            else metadata.Remove(name);
        }

        metadata.Remove("resourceVersion");
        MetadataRules.Normalise(after);
        Complete(resource, after);
        if (resource.HasGeneration && !SameContent(before, after)) metadata["generation"] = (before["metadata"]!["generation"]?.GetValue<long>() ?? 0) + 1;
        Validate(resource, after, before);
        return after;
    }

    /// <summary>The same in all but the resourceVersion.</summary>
    public static bool Same(JsonObject before, JsonObject after)
    {
        var comparable = before.DeepClone().AsObject();
        comparable.Metadata().Remove("resourceVersion");
        return JsonNode.DeepEquals(comparable, after);
    }

    private static JsonObject WithStatus(JsonObject before, JsonObject wanted)
    {
        var after = before.DeepClone().AsObject();
        after.Remove("status");
        if (wanted["status"] is { } status) after["status"] = status.DeepClone();
        return after;
    }

    private static JsonObject WithoutStatus(ServedResource resource, JsonObject before, JsonObject wanted)
    {
        if (!resource.HasStatus) return wanted;
        wanted.Remove("status");
        if (before["status"] is { } status) wanted["status"] = status.DeepClone();
        return wanted;
    }

    private static void Complete(ServedResource resource, JsonObject json)
    {
        resource.Default(json);
        if (resource.Schema is not { } schema) return;
        SchemaShaping.Prune(json, schema);
        SchemaShaping.Default(json, schema);
    }

    private static void Validate(ServedResource resource, JsonObject json, JsonObject? before)
    {
        var errors = MetadataRules.Check(json, before, resource.NameRule).ToList();
        if (resource.Schema is { } schema) SchemaValidator.Validate(json, schema, "", errors);
        errors.AddRange(resource.Check(json, before));
        if (errors.Count > 0) throw Refusals.Invalid(resource.Type, json.Name(), errors);
    }

    private static bool SameContent(JsonObject before, JsonObject after)
        => Content(before).All(field => JsonNode.DeepEquals(field.Value, after[field.Key])) && Content(after).All(field => before.ContainsKey(field.Key));

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Content(JsonObject json) => json.Where(field => field.Key is not ("metadata" or "status"));
}
