using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>Rules of core/v1 Secret.</summary>
internal static class SecretRules
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly Dictionary<string, string[]> RequiredKeys = new()
    {
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
    };

    /// <exception cref="ApiStatusException">The data cannot be read at all.</exception>
    public static IEnumerable<FieldError> Check(JsonObject secret, JsonObject? before)
    {
        var data = secret["data"] as JsonObject ?? [];
        var bytes = 0;
        foreach (var (key, value) in data)
        {
            bytes += DecodedLength(value);
            if (Names.DataKeyProblem(key) is { } problem) yield return FieldError.Invalid($"data[{key}]", key.Show(), problem);
        }

        if (bytes > MaxBytes) yield return FieldError.TooLong("data", string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxBytes} bytes"));
        foreach (var key in RequiredKeys.GetValueOrDefault(secret["type"].Text() ?? "") ?? [])
        {
            if (!data.ContainsKey(key)) yield return FieldError.Required($"data[{key}]");
        }

        if (before is null) yield break;
        if (!JsonNode.DeepEquals(secret["type"], before["type"]))
            yield return FieldError.Invalid("type", secret["type"].Show(), "field is immutable");
        if (before["immutable"]?.GetValueKind() != JsonValueKind.True) yield break;
        if (secret["immutable"]?.GetValueKind() != JsonValueKind.True)
            yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        if (!JsonNode.DeepEquals(data, before["data"] ?? new JsonObject()))
            yield return FieldError.Forbidden("data", "field is immutable when `immutable` is set");
    }

    private static int DecodedLength(JsonNode? value)
    {
        if (value is null) return 0;
        if (value.Text() is { } text && Base64.IsValid(Encoding.UTF8.GetBytes(text), out var length)) return length;
        throw Refusals.BadRequest("Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in data");
    }
}
