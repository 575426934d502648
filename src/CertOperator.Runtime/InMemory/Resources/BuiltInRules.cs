using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>Rules of the other kinds that the operator writes or its users write for it.</summary>
internal static class BuiltInRules
{
    private const int MaxBytes = 1024 * 1024;

    public static IEnumerable<FieldError> ConfigMap(JsonObject map, JsonObject? before)
    {
        var bytes = 0;
        foreach (var (key, value) in map["data"] as JsonObject ?? [])
        {
            bytes += Encoding.UTF8.GetByteCount(value.Text() ?? throw Unfit("ConfigMap", "v1", "data holds something that is not a string"));
            if (Names.DataKeyProblem(key) is { } problem) yield return FieldError.Invalid($"data[{key}]", key.Show(), problem);
        }

        if (bytes > MaxBytes) yield return FieldError.TooLong("", string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxBytes} bytes"));
        if (before?["immutable"]?.GetValueKind() == JsonValueKind.True && !JsonNode.DeepEquals(map["data"], before["data"]))
            yield return FieldError.Forbidden("data", "field is immutable when `immutable` is set");
    }

    public static IEnumerable<FieldError> Service(JsonObject service)
    {
        var spec = service["spec"];
        if (spec?["type"].Text() == "ExternalName" || spec?["clusterIP"].Text() == "None") yield break;
        if (spec?["ports"] is not JsonArray { Count: > 0 } ports)
        {
            yield return FieldError.Required("spec.ports");
            yield break;
        }

        for (var i = 0; i < ports.Count; i++)
        {
            if (ports.Count > 1 && string.IsNullOrEmpty(ports[i]?["name"].Text())) yield return FieldError.Required($"spec.ports[{i}].name");
        }
    }

    public static IEnumerable<FieldError> Event(JsonObject @event)
    {
        var about = @event["involvedObject"]?["namespace"].Text() ?? "";
        var fits = about == @event.Namespace() || (about.Length == 0 && @event.Namespace() is "default" or "kube-system");
        if (!fits) yield return FieldError.Invalid("involvedObject.namespace", about.Show(), "does not match event.namespace");
    }

    public static IEnumerable<FieldError> Lease(JsonObject lease)
    {
        var spec = lease["spec"];
        foreach (var field in new[] { "acquireTime", "renewTime" })
        {
            if (spec?[field] is { } time && !IsMicroTime(time.Text()))
            {
                throw Unfit(
                    "Lease",
                    "coordination.k8s.io/v1",
                    $"parsing time {time.Show()} as \"2006-01-02T15:04:05.000000Z07:00\": six digits of fraction are wanted in spec.{field}");
            }
        }

        if (Number(spec?["leaseDurationSeconds"]) is <= 0 and var duration)
            yield return FieldError.Invalid("spec.leaseDurationSeconds", duration.ToString(CultureInfo.InvariantCulture), "must be greater than 0");
        if (Number(spec?["leaseTransitions"]) is < 0 and var transitions)
            yield return FieldError.Invalid("spec.leaseTransitions", transitions.ToString(CultureInfo.InvariantCulture), "must be greater than or equal to 0");
    }

    public static IEnumerable<FieldError> Ingress(JsonObject ingress)
    {
        var spec = ingress["spec"] as JsonObject ?? [];
        var rules = spec["rules"] as JsonArray ?? [];
        if (rules.Count == 0 && spec["defaultBackend"] is null)
            yield return FieldError.Invalid("spec", "\"\"", "either `defaultBackend` or `rules` must be specified");

        for (var i = 0; i < rules.Count; i++)
        {
            if (Host(rules[i]?["host"], $"spec.rules[{i}].host") is { } wrongHost) yield return wrongHost;
            var paths = rules[i]?["http"]?["paths"] as JsonArray;
            if (rules[i]?["http"] is not null && paths is null or { Count: 0 }) yield return FieldError.Required($"spec.rules[{i}].http.paths");
            for (var j = 0; j < (paths?.Count ?? 0); j++)
            {
                foreach (var error in IngressPath(paths![j], $"spec.rules[{i}].http.paths[{j}]")) yield return error;
            }
        }

        var tls = spec["tls"] as JsonArray ?? [];
        for (var i = 0; i < tls.Count; i++)
        {
            var hosts = tls[i]?["hosts"] as JsonArray ?? [];
            for (var j = 0; j < hosts.Count; j++)
            {
                if (Host(hosts[j], $"spec.tls[{i}].hosts[{j}]") is { } wrongHost) yield return wrongHost;
            }
        }
    }

    private static IEnumerable<FieldError> IngressPath(JsonNode? path, string at)
    {
        string[] types = ["\"Exact\"", "\"ImplementationSpecific\"", "\"Prefix\""];
        var type = path?["pathType"].Text();
        if (string.IsNullOrEmpty(type)) yield return FieldError.Required($"{at}.pathType", "pathType must be specified");
        else if (!types.Contains($"\"{type}\"")) yield return FieldError.NotSupported($"{at}.pathType", $"\"{type}\"", types);
        if (type is "Exact" or "Prefix" && path?["path"].Text()?.StartsWith('/') != true)
            yield return FieldError.Invalid($"{at}.path", (path?["path"].Text() ?? "").Show(), "must be an absolute path");
        if (path?["backend"] is not JsonObject { Count: > 0 }) yield return FieldError.Required($"{at}.backend");
    }

    private static FieldError? Host(JsonNode? host, string at)
    {
        var name = host.Text();
        if (string.IsNullOrEmpty(name)) return null;
        var problem = Names.Problem(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name, NameRule.Subdomain);
        return problem is null ? null : FieldError.Invalid(at, name.Show(), problem);
    }

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    // Go parses a MicroTime with exactly six digits, and refuses every other fraction.
    private static bool IsMicroTime(string? text)
        => DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.ffffffK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static ApiStatusException Unfit(string kind, string apiVersion, string why)
        => Refusals.BadRequest($"{kind} in version \"{apiVersion}\" cannot be handled as a {kind}: {why}");
}
