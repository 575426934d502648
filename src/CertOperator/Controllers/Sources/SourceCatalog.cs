using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Sources;

/// <summary>Finds everybody who wants a Certificate of a name.</summary>
/// <param name="caches">Before they start.</param>
/// <param name="options">What the objects do not say themselves.</param>
internal sealed class SourceCatalog(Caches caches, SourceOptions options)
{
    public SourceStore<Ingress> Ingresses { get; } = new(caches.Ingresses.Store, ingress => IngressReader.Read(ingress, options.DefaultIssuer));

    public SourceStore<Service> Services { get; } = new(caches.Services.Store, service => ServiceReader.Read(service, options.ClusterDomain));

    public SourceStore<Gateway> Gateways { get; } = new(caches.Gateways.Store, gateway => GatewayReader.Read(gateway, options.DefaultIssuer));

    public IReadOnlyList<CertificateSource> For(ObjectKey certificate)
        => [.. Readings(certificate).SelectMany(reading => reading.Certificates).Where(source => source.Key == certificate)];

    /// <summary>Somebody wants the Certificate in a way that cannot be read.</summary>
    public bool IsHeld(ObjectKey certificate) => Readings(certificate).Any(reading => reading.Held.Contains(certificate.Name));

    /// <summary>Somebody who wants the Certificate may be out of sight: a Gateway, while those cannot be listed.</summary>
    public bool IsBlind(Certificate? certificate)
        => certificate?.Metadata is { Namespace: { } ns } metadata && caches.Gateways.IsRefusedIn(ns)
        && (metadata.Labels?.GetValueOrDefault(WantedCertificate.SourceLabel) == Gateway.Type.Kind || metadata.OwnerReferences?.Any(owner => owner.Kind == Gateway.Type.Kind) == true);

    private IEnumerable<SourceReading> Readings(ObjectKey certificate)
        => Ingresses.Readings(certificate).Concat(Services.Readings(certificate)).Concat(Gateways.Readings(certificate));
}

/// <param name="DefaultIssuer">The issuer of Ingresses and Gateways that ask for none by name; null if there is none.</param>
/// <param name="ClusterDomain">Last part of the names of Services, e.g. <c>cluster.local</c>.</param>
internal sealed record SourceOptions(IssuerRef? DefaultIssuer, string ClusterDomain);
