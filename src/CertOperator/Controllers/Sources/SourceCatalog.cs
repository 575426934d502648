using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Sources;

/// <summary>Finds everybody who wants a Certificate of a name.</summary>
internal sealed class SourceCatalog
{
    private const string ByCertificate = "certificate";

    private readonly ObjectStore<Ingress> _ingresses;
    private readonly ObjectStore<Service> _services;
    private readonly SourceOptions _options;

    public SourceCatalog(ObjectStore<Ingress> ingresses, ObjectStore<Service> services, SourceOptions options)
    {
        _ingresses = ingresses;
        _services = services;
        _options = options;
        _ingresses.AddIndex(ByCertificate, (_, ingress) => Keys(ingress).Select(key => key.ToString()));
        _services.AddIndex(ByCertificate, (_, service) => Keys(service).Select(key => key.ToString()));
    }

    public SourceReading Read(Ingress ingress) => IngressReader.Read(ingress, _options.DefaultIssuer);

    public SourceReading Read(Service service) => ServiceReader.Read(service, _options.ClusterDomain);

    /// <summary>The Certificates that an Ingress has to do with.</summary>
    public IEnumerable<ObjectKey> Keys(Ingress? ingress) => ingress is null ? [] : Keys(ingress, Read(ingress));

    /// <summary>The Certificates that a Service has to do with.</summary>
    public IEnumerable<ObjectKey> Keys(Service? service) => service is null ? [] : Keys(service, Read(service));

    public IReadOnlyList<CertificateSource> For(ObjectKey certificate) =>
    [
        .. _ingresses.Lookup(ByCertificate, certificate.ToString()).SelectMany(ingress => Read(ingress).Certificates)
            .Concat(_services.Lookup(ByCertificate, certificate.ToString()).SelectMany(service => Read(service).Certificates))
            .Where(source => source.Key == certificate),
    ];

    /// <summary>Somebody wants the Certificate in a way that cannot be read.</summary>
    public bool IsHeld(ObjectKey certificate)
        => _ingresses.Lookup(ByCertificate, certificate.ToString()).Any(ingress => Read(ingress).Held.Contains(certificate.Name))
        || _services.Lookup(ByCertificate, certificate.ToString()).Any(service => Read(service).Held.Contains(certificate.Name));

    private static IEnumerable<ObjectKey> Keys(IKubeObject about, SourceReading reading)
        => reading.Certificates.Select(source => source.Key).Concat(reading.Held.Select(name => new ObjectKey(about.Metadata.Namespace ?? "", name)));
}

/// <param name="DefaultIssuer">The issuer of Ingresses that ask for none by name; null if there is none.</param>
/// <param name="ClusterDomain">Last part of the names of Services, e.g. <c>cluster.local</c>.</param>
internal sealed record SourceOptions(IssuerRef? DefaultIssuer, string ClusterDomain);
