using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>What the API server fills into new objects of its own kinds, as far as this operator could notice.</summary>
internal static class BuiltInDefaults
{
    public static void Namespace(JsonObject json)
    {
        var metadata = json.Metadata();
        if (metadata["labels"] is not JsonObject labels) metadata["labels"] = labels = [];
        labels["kubernetes.io/metadata.name"] = json.Name();
        json["spec"] ??= new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        json["status"] ??= new JsonObject { ["phase"] = "Active" };
    }

    /// <summary>The type, and <c>stringData</c> moved into <c>data</c>.</summary>
    public static void Secret(JsonObject json)
    {
        if (string.IsNullOrEmpty(json["type"].Text())) json["type"] = "Opaque";
        if (json["stringData"] is JsonObject plain)
        {
            if (json["data"] is not JsonObject data) json["data"] = data = [];
            foreach (var (key, value) in plain) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        }

        json.Remove("stringData");
    }

    public static void Service(JsonObject json)
    {
        if (json["spec"] is not JsonObject spec) json["spec"] = spec = [];
        spec["type"] ??= "ClusterIP";
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }
    }

    /// <summary>Derived names, and the conditions that the API server's own controllers would set a moment later.</summary>
    public static void CustomResourceDefinition(JsonObject json)
    {
        if (json["spec"]?["names"] is JsonObject names && names["kind"].Text() is { } kind)
        {
            names["listKind"] ??= kind + "List";
            names["singular"] ??= kind.ToLowerInvariant();
        }

        json["status"] ??= new JsonObject
        {
            ["acceptedNames"] = json["spec"]?["names"]?.DeepClone(),
            ["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted")),
        };

        static JsonObject Condition(string type, string reason, string message)
            => new() { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = message };
    }
}
