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

    /// <summary>The Certificates that an Ingress wants.</summary>
    public IEnumerable<ObjectKey> Keys(Ingress? ingress) => ingress is null ? [] : Read(ingress).Certificates.Select(source => source.Key);

    /// <summary>The Certificates that a Service wants.</summary>
    public IEnumerable<ObjectKey> Keys(Service? service) => service is null ? [] : Read(service).Certificates.Select(source => source.Key);

    public IReadOnlyList<CertificateSource> For(ObjectKey certificate) =>
    [
        .. _ingresses.Lookup(ByCertificate, certificate.ToString()).SelectMany(ingress => Read(ingress).Certificates)
            .Concat(_services.Lookup(ByCertificate, certificate.ToString()).SelectMany(service => Read(service).Certificates))
            .Where(source => source.Key == certificate),
    ];
}

/// <param name="DefaultIssuer">The issuer of Ingresses that ask for none by name; null if there is none.</param>
/// <param name="ClusterDomain">Last part of the names of Services, e.g. <c>cluster.local</c>.</param>
internal sealed record SourceOptions(IssuerRef? DefaultIssuer, string ClusterDomain);
