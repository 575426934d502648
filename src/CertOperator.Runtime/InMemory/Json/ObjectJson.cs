using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.InMemory.Json;

/// <summary>Reads what every object has. Values of the wrong JSON type count as absent.</summary>
internal static class ObjectJson
{
    // These texts are read by people and compared with an API server's, which escapes no more than JSON demands.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as messages and paths show it.</summary>
    public static string Show(this JsonNode? node) => node?.ToJsonString(Readable) ?? "null";

    /// <inheritdoc cref="Show(JsonNode?)"/>
    public static string Show(this string text) => JsonValue.Create(text).ToJsonString(Readable);

    public static JsonObject Metadata(this JsonObject json)
    {
        if (json["metadata"] is JsonObject metadata) return metadata;
        metadata = [];
        json["metadata"] = metadata;
        return metadata;
    }

    public static string Name(this JsonObject json) => json.MetadataText("name");

    public static string Namespace(this JsonObject json) => json.MetadataText("namespace");

    public static string Uid(this JsonObject json) => json.MetadataText("uid");

    public static string ResourceVersion(this JsonObject json) => json.MetadataText("resourceVersion");

    public static bool IsDeleting(this JsonObject json) => json.MetadataText("deletionTimestamp").Length > 0;

    public static ObjectKey Key(this JsonObject json) => new(json.Namespace(), json.Name());

    public static IEnumerable<string> Finalizers(this JsonObject json)
        => json["metadata"]?["finalizers"] is JsonArray list ? list.Select(item => item.Text()).OfType<string>() : [];

    public static IEnumerable<JsonObject> Owners(this JsonObject json)
        => json["metadata"]?["ownerReferences"] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The string that a node is; null if it is something else.</summary>
    public static string? Text(this JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>A time as <c>metav1.Time</c> writes it.</summary>
    public static string ToKubeTime(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string MetadataText(this JsonObject json, string field) => (json["metadata"] as JsonObject)?[field].Text() ?? "";
}
