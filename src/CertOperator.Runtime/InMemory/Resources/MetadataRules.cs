using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>What the API server makes of <c>metadata</c>, whatever the kind.</summary>
internal static class MetadataRules
{
    private const int MaxAnnotationBytes = 256 * 1024;

    private static readonly Dictionary<string, JsonValueKind> Fields = new()
    {
        ["name"] = JsonValueKind.String,
        ["generateName"] = JsonValueKind.String,
        ["namespace"] = JsonValueKind.String,
        ["uid"] = JsonValueKind.String,
        ["resourceVersion"] = JsonValueKind.String,
        ["generation"] = JsonValueKind.Number,
        ["creationTimestamp"] = JsonValueKind.String,
        ["deletionTimestamp"] = JsonValueKind.String,
        ["deletionGracePeriodSeconds"] = JsonValueKind.Number,
        ["labels"] = JsonValueKind.Object,
        ["annotations"] = JsonValueKind.Object,
        ["ownerReferences"] = JsonValueKind.Array,
        ["finalizers"] = JsonValueKind.Array,
    };

    /// <summary>Drops what metadata does not have, and empty collections, as a typed round trip does.</summary>
    /// <exception cref="ApiStatusException">A field has the wrong JSON type.</exception>
    public static void Normalise(JsonObject json)
    {
        if (json["metadata"] is not null and not JsonObject) throw Unfit("metadata", json["metadata"]!);
        var metadata = json.Metadata();
        foreach (var (name, value) in metadata.ToList())
        {
            if (!Fields.TryGetValue(name, out var kind) || value is null)
            {
                metadata.Remove(name);
                continue;
            }

            if (value.GetValueKind() != kind) throw Unfit($"ObjectMeta.metadata.{name}", value);
            if (value is JsonObject { Count: 0 } or JsonArray { Count: 0 }) metadata.Remove(name);
        }

        foreach (var map in new[] { "labels", "annotations" }) TextsOnly(metadata[map] as JsonObject, $"ObjectMeta.metadata.{map}");
        foreach (var finalizer in metadata["finalizers"] as JsonArray ?? [])
        {
            if (finalizer.Text() is null) throw Unfit("ObjectMeta.metadata.finalizers", finalizer);
        }

        foreach (var owner in metadata["ownerReferences"] as JsonArray ?? [])
        {
            if (owner is not JsonObject) throw Unfit("ObjectMeta.metadata.ownerReferences", owner);
        }
    }

    public static IEnumerable<FieldError> Check(JsonObject json, JsonObject? before, NameRule rule)
    {
        var name = json.Name();
        if (name.Length == 0) yield return FieldError.Required("metadata.name", "name or generateName is required");
        else if (Names.Problem(name, rule) is { } problem) yield return FieldError.Invalid("metadata.name", name.Show(), problem);
        foreach (var error in CheckLabels(json).Concat(CheckAnnotations(json)).Concat(CheckOwners(json))) yield return error;

        foreach (var finalizer in json.Finalizers())
        {
            if (Names.KeyProblem(finalizer) is { } wrong) yield return FieldError.Invalid("metadata.finalizers", finalizer.Show(), wrong);
        }

        if (before is null || !before.IsDeleting()) yield break;
        var added = json.Finalizers().Except(before.Finalizers()).ToList();
        if (added.Count > 0)
        {
            var list = string.Join(", ", added.Select(finalizer => finalizer.Show()));
            yield return FieldError.Forbidden(
                "metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{list}}}");
        }
    }

    private static IEnumerable<FieldError> CheckLabels(JsonObject json)
    {
        foreach (var (key, value) in json["metadata"]?["labels"] as JsonObject ?? [])
        {
            if (Names.KeyProblem(key) is { } wrongKey) yield return FieldError.Invalid("metadata.labels", key.Show(), wrongKey);
            if (Names.LabelValueProblem(value.Text()!) is { } wrong) yield return FieldError.Invalid("metadata.labels", value.Show(), wrong);
        }
    }

    private static IEnumerable<FieldError> CheckAnnotations(JsonObject json)
    {
        var bytes = 0;
        foreach (var (key, value) in json["metadata"]?["annotations"] as JsonObject ?? [])
        {
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.Text()!);
            if (Names.KeyProblem(key.ToLowerInvariant()) is { } problem) yield return FieldError.Invalid("metadata.annotations", key.Show(), problem);
        }

        if (bytes > MaxAnnotationBytes)
            yield return FieldError.TooLong("metadata.annotations", string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxAnnotationBytes} bytes"));
    }

    private static IEnumerable<FieldError> CheckOwners(JsonObject json)
    {
        var controllers = 0;
        foreach (var owner in json.Owners())
        {
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (string.IsNullOrEmpty(owner[field].Text()))
                    yield return FieldError.Invalid($"metadata.ownerReferences.{field}", "\"\"", field == "apiVersion" ? "version must not be empty" : $"{field} must not be empty");
            }

            if (owner["controller"]?.GetValueKind() == JsonValueKind.True) controllers++;
        }

        if (controllers > 1)
            yield return FieldError.Invalid("metadata.ownerReferences", "\"\"", "Only one reference can have Controller set to true. Found \"true\" in references for several owners");
    }

    private static void TextsOnly(JsonObject? map, string path)
    {
        foreach (var (_, value) in map ?? [])
        {
            if (value.Text() is null) throw Unfit(path, value);
        }
    }

    private static ApiStatusException Unfit(string field, JsonNode? value)
        => Refusals.BadRequest($"json: cannot unmarshal {value?.GetValueKind().ToString().ToLowerInvariant() ?? "null"} into Go struct field {field}");
}
