using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Resources;
using CertOperator.Runtime.InMemory.Storage;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Testing.Api;

/// <summary>Bodies as the API server reads and writes them.</summary>
internal static class ApiJson
{
    private const int MaxBody = 3 * 1024 * 1024;
    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Reader = new() { AllowDuplicateProperties = false };

    /// <summary>Null for an empty body.</summary>
    /// <exception cref="ApiStatusException">It is too large, or not a JSON object.</exception>
    public static async Task<JsonObject?> ReadJsonAsync(this HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBody) throw Refusals.TooLarge(MaxBody);
        }

        if (body.Length == 0) return null;
        try
        {
            return JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length), documentOptions: Reader) as JsonObject
                ?? throw Refusals.BadRequest("the object provided is unrecognized (must be of type Object)");
        }
        catch (JsonException exception)
        {
            throw Refusals.BadRequest($"couldn't get version/kind; json parse error: {exception.Message}");
        }
    }

    public static async Task WriteJsonAsync(this HttpResponse response, int status, JsonNode json)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-cache, private";
        await response.Body.WriteAsync(Encode(json));
    }

    public static byte[] Encode(JsonNode json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writer)) json.WriteTo(writer);
        return buffer.ToArray();
    }

    /// <summary>A stored object with its managedFields.</summary>
    public static JsonObject Show(StoredObject stored)
    {
        var json = stored.Json.DeepClone().AsObject();
        json.Metadata()["managedFields"] = stored.Ownership.ToManagedFields();
        return json;
    }

    public static JsonObject Show(ServedResource resource, ObjectPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        if (page.Next is { } next) metadata["continue"] = next.ToString();
        if (page.Remaining is { } remaining) metadata["remainingItemCount"] = remaining;
        return new JsonObject
        {
            ["kind"] = resource.ListKind,
            ["apiVersion"] = resource.Type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Items.Select(stored => Item(resource, stored))]),
        };
    }

    /// <summary>Only custom objects say in a list what they are.</summary>
    private static JsonObject Item(ServedResource resource, StoredObject stored)
    {
        var json = Show(stored);
        if (resource.Schema is not null) return json;
        json.Remove("apiVersion");
        json.Remove("kind");
        return json;
    }
}
