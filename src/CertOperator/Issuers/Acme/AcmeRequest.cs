using System.Net;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Issuers.Acme;

/// <summary>What is ordered for a Certificate. Pure, but for its key.</summary>
internal static class AcmeRequest
{
    /// <summary>Why no public CA signs this, in one sentence; null if one may.</summary>
    /// <param name="desired">What is asked for.</param>
    /// <param name="server">URL of the CA's directory.</param>
    public static string? Problem(DesiredCertificate desired, string server) => desired.Profile switch
    {
        { IsCa: true } => "An ACME server signs no CA certificates: remove isCA, or use another issuer.",
        { Names: { Uris.Count: > 0 } or { EmailAddresses.Count: > 0 } or { OtherNames.Count: > 0 } }
            => "An ACME server signs for DNS names and IP addresses only: remove uris, emailAddresses and otherNames, or use another issuer.",
        { Names: { DnsNames.Count: 0, IpAddresses.Count: 0 } } => "An ACME server signs for dnsNames and ipAddresses, and there is none of either: the common name alone is not enough.",
        _ when desired.KeyAlgorithm == KeyAlgorithm.Ed25519 => "Public CAs do not sign Ed25519 keys: set privateKey.algorithm to ECDSA or RSA, or use another issuer.",
        var profile => NamesOf(profile.Names).Select(name => IdentifierRules.Problem(name) ?? PublicProblem(name, server)).FirstOrDefault(problem => problem is not null),
    };

    /// <summary>The names, each once, in an order that does not depend on the spec's.</summary>
    public static IReadOnlyList<Identifier> NamesOf(SubjectNames names) =>
    [
        .. names.DnsNames.Select(Identifier.Dns)
            .Concat(names.IpAddresses.Select(text => Identifier.Ip(IPAddress.Parse(text))))
            .Distinct()
            .OrderBy(name => name.Value, StringComparer.Ordinal),
    ];

    public static OrderJob Job(AcmeIssuerSpec spec, Issuance issuance, SolverCatalog solvers, DateTimeOffset now) => new(
        NamesOf(issuance.Desired.Profile.Names),
        async cancel => SigningRequest.Create(WithoutSubject(issuance.Desired.Profile), await issuance.Key(cancel)),
        name => solvers.TypesFor(spec, name, issuance.Certificate.Metadata.Labels).Types)
    {
        Profile = issuance.Certificate.Spec!.Profile ?? spec.Profile,
        Replaces = issuance.Replaces?.RenewalId,
        NotAfter = spec.EnableDurationFeature == true ? now + issuance.Desired.Duration : null,
        Chain = spec.PreferredChain is { } name ? new ChainPreference { IssuerCommonName = name } : null,
    };

    private static string? PublicProblem(Identifier name, string server) => name.Type == Identifier.DnsType ? PublicServers.NameProblem(server, name.Value) : null;

    /// <summary>Public CAs choose the subject themselves, and refuse a common name that is too long or no other name.</summary>
    private static CertificateProfile WithoutSubject(CertificateProfile profile) => profile with { Subject = DistinguishedName.Empty };
}
