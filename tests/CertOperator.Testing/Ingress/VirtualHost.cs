using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Ingress;

/// <summary>A host to serve; certificate and key (PEM) are null where the default certificate is to be used.</summary>
internal sealed record VirtualHost(string Name, string? CertificatePem, string? KeyPem, IReadOnlyList<HostPath> Paths)
{
    /// <summary>
    /// The hosts of all rules, each once: with the certificate of the first TLS entry that covers the host in any Ingress, and
    /// the paths of all Ingresses.
    /// </summary>
    public static IReadOnlyList<VirtualHost> From(IReadOnlyList<JsonNode> ingresses, IReadOnlyList<JsonNode> secrets, IReadOnlyList<JsonNode> services)
    {
        var secretsByKey = secrets.ToDictionary(secret => Key(secret, NameOf(secret)));
        var servicesByKey = services.ToDictionary(service => Key(service, NameOf(service)));
        return
        [
            .. from ingress in ingresses
               from rule in Items(ingress["spec"], "rules")
               let host = (string?)rule["host"]
               where host is not null
               group (Ingress: ingress, Rule: rule) by host into rules
               let secret = rules.Select(rule => SecretOf(rule.Ingress, rules.Key, secretsByKey)).FirstOrDefault(found => found is not null)
               let paths = rules.SelectMany(rule => HostPath.From(rule.Ingress, rule.Rule, servicesByKey)).DistinctBy(path => (path.Path, path.IsExact))
               select FromSecret(rules.Key, secret) with { Paths = [.. paths] },
        ];
    }

    internal static List<JsonNode> Items(JsonNode? node, string field) => [.. node?[field]?.AsArray().OfType<JsonNode>() ?? []];

    /// <summary>Tells apart what an object names in its own namespace.</summary>
    internal static (string? Namespace, string? Name) Key(JsonNode namedBy, string? name) => ((string?)namedBy["metadata"]!["namespace"], name);

    private static JsonNode? SecretOf(JsonNode ingress, string host, Dictionary<(string?, string?), JsonNode> secrets)
    {
        var entry = Items(ingress["spec"], "tls")
            .FirstOrDefault(e => Items(e, "hosts") is var hosts && (hosts.Count == 0 || hosts.Any(h => (string?)h == host)));
        return secrets.GetValueOrDefault(Key(ingress, (string?)entry?["secretName"]));
    }

    private static VirtualHost FromSecret(string host, JsonNode? secret)
    {
        var certificate = Decode(secret, "tls.crt");
        var key = Decode(secret, "tls.key");
        return IsPair(certificate, key) ? new VirtualHost(host, certificate, key, []) : new VirtualHost(host, null, null, []);
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

    private static string Decode(JsonNode? secret, string field) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret?["data"]?[field] ?? ""));

    private static string? NameOf(JsonNode item) => (string?)item["metadata"]!["name"];
}
