using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Audits;

/// <summary>Collects from the caches what an audit of an Ingress looks at. Only a Secret that is none of the TLS type costs a request.</summary>
internal sealed class AuditLook
{
    private const string ByName = "name";
    private const string BySecret = "audited secret";

    /// <summary>Of Secrets that the cache does not hold, for one audit: an Ingress may name thousands.</summary>
    private const int MostRequests = 8;

    private readonly IKubeClient _client;
    private readonly Caches _caches;
    private readonly SourceCatalog _sources;
    private readonly SecretReader _reader = new();

    /// <summary>Before the caches start.</summary>
    public AuditLook(IKubeClient client, Caches caches, SourceCatalog sources)
    {
        (_client, _caches, _sources) = (client, caches, sources);
        caches.Secrets.Store.AddIndex(ByName, (key, _) => [key.Name]);
        caches.Ingresses.Store.AddIndex(BySecret, (key, ingress) => IngressAudit.SecretNames(ingress).Select(name => new ObjectKey(key.Namespace, name).ToString()));
    }

    /// <summary>The Ingresses that name a Secret.</summary>
    public IEnumerable<ObjectKey> NamersOf(ObjectKey secret) => _caches.Ingresses.Store.LookupKeys(BySecret, secret.ToString());

    /// <returns>What stands around it, and whether something was asked for that no watch tells the changes of.</returns>
    public async Task<(Surroundings Surroundings, bool IsUnwatched)> AroundAsync(Ingress ingress, TimeSpan patience, CancellationToken cancel)
    {
        SourceReading reading = _sources.Ingresses.Read(ingress);
        HashSet<string> wanted = [.. reading.Certificates.Select(source => source.Key.Name), .. reading.Held];
        var secrets = new Dictionary<string, NamedSecret>();
        int requests = 0;
        foreach (string name in IngressAudit.SecretNames(ingress))
        {
            var key = new ObjectKey(ingress.Metadata.Namespace ?? "", name);
            NamedSecret secret = Cached(key, wanted.Contains(name));
            bool mayBeOfAnotherType = secret is { Facts: null, IsOurs: false } && SecretRules.IsName(name) && requests++ < MostRequests;
            secrets[name] = mayBeOfAnotherType && await _client.FindAsync<Secret>(key, cancel) is { SecretType: not Secret.TlsType } other
                ? secret with { Facts = _reader.Read(other), OtherType = other.SecretType ?? "Opaque" }
                : secret;
        }

        return (new Surroundings
        {
            Secrets = secrets,
            Classes = _caches.IngressClasses.IsRefused ? null : _caches.IngressClasses.Store.All,
            IsManaged = wanted.Count > 0 || reading.Problems.Count > 0,
            Patience = patience,
        }, requests > 0);
    }

    private NamedSecret Cached(ObjectKey key, bool isWanted)
    {
        SecretFacts? facts = _caches.Secrets.Store.Find(key);
        return new NamedSecret
        {
            Facts = facts,
            IsWanted = isWanted,
            Certificate = _caches.Certificates.Store.Lookup(CertificateReconciler.BySecret, key.ToString()) is [var first, ..] ? first : null,
            Elsewhere = facts is not null ? [] : [.. _caches.Secrets.Store.LookupKeys(ByName, key.Name).Select(other => other.Namespace).Order(StringComparer.Ordinal)],
        };
    }
}
