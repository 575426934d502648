using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Ingress;

/// <summary>A host to serve; certificate and key (PEM) are null where the default certificate is to be used.</summary>
internal sealed record VirtualHost(string Name, string? CertificatePem, string? KeyPem)
{
    /// <summary>The hosts of all rules, each once, with the certificate of the first TLS entry that covers the host.</summary>
    public static IReadOnlyList<VirtualHost> From(IReadOnlyList<JsonNode> ingresses, IReadOnlyList<JsonNode> secrets)
    {
        var secretsByName = secrets.ToDictionary(s => (string)s["metadata"]!["name"]!);
        return [.. ingresses.SelectMany(i => FromIngress(i, secretsByName)).DistinctBy(h => h.Name)];
    }

    private static IEnumerable<VirtualHost> FromIngress(JsonNode ingress, Dictionary<string, JsonNode> secrets)
    {
        var entries = Items(ingress["spec"], "tls");
        foreach (var host in Items(ingress["spec"], "rules").Select(r => (string?)r["host"]).OfType<string>())
        {
            var entry = entries.FirstOrDefault(e => Items(e, "hosts") is var hosts && (hosts.Count == 0 || hosts.Any(h => (string?)h == host)));
            yield return secrets.TryGetValue((string?)entry?["secretName"] ?? "", out var secret)
                ? FromSecret(host, secret)
                : new VirtualHost(host, null, null);
        }
    }

    private static VirtualHost FromSecret(string host, JsonNode secret)
    {
        var certificate = Decode(secret, "tls.crt");
        var key = Decode(secret, "tls.key");
        return IsPair(certificate, key) ? new VirtualHost(host, certificate, key) : new VirtualHost(host, null, null);
    }

    private static bool IsPair(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static string Decode(JsonNode secret, string field) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret["data"]?[field] ?? ""));

    private static List<JsonNode> Items(JsonNode? node, string field) =>
        [.. node?[field]?.AsArray().OfType<JsonNode>() ?? []];
}
