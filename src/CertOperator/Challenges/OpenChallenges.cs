using System.Net;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using ChallengeStatus = CertOperator.Api.ChallengeStatus;

namespace CertOperator.Challenges;

/// <summary>
/// The challenges that Certificates wait for, as their statuses tell. Every replica knows them, so every replica can answer
/// the CA, and one that has just started as well as any other.
/// </summary>
internal sealed class OpenChallenges
{
    private const string ByType = "challenge-type";
    private const string ByAnswer = "challenge-answer";

    private readonly ObjectStore<Certificate> _certificates;
    private readonly ObjectStore<Issuer> _issuers;
    private readonly ObjectStore<ClusterIssuer> _clusterIssuers;

    /// <summary>Before the caches start.</summary>
    public OpenChallenges(ObjectStore<Certificate> certificates, ObjectStore<Issuer> issuers, ObjectStore<ClusterIssuer> clusterIssuers)
    {
        _certificates = certificates;
        _issuers = issuers;
        _clusterIssuers = clusterIssuers;
        certificates.AddIndex(ByType, (_, certificate) => StatusesOf(certificate).Select(challenge => challenge.Type).Distinct());
        certificates.AddIndex(ByAnswer, (_, certificate) => StatusesOf(certificate).Select(AnswerOf).Distinct());
    }

    /// <summary>Whether a Certificate has any.</summary>
    public static bool Has(Certificate? certificate) => StatusesOf(certificate).Count > 0;

    /// <summary>All of one type.</summary>
    public IReadOnlyList<OpenChallenge> OfType(string type)
        => [.. _certificates.Lookup(ByType, type).SelectMany(certificate => Read(certificate, type))];

    /// <summary>The body to answer an HTTP-01 request with; null if nobody waits for it at this host.</summary>
    /// <param name="host">As the request names it, without the port; an IPv6 address may be in brackets.</param>
    /// <param name="token">From the path.</param>
    public string? KeyAuthorization(string host, string token)
    {
        string name = Canonical(host);
        OpenChallenge? open = _certificates.Lookup(ByAnswer, token).SelectMany(certificate => Read(certificate, ChallengeTypes.Http01))
            .FirstOrDefault(challenge => challenge.Token == token && challenge.Name == name);
        return open?.Thumbprint is { } thumbprint ? Http01.Of(token, thumbprint).Body : null;
    }

    /// <summary>The TLS-ALPN-01 challenge to answer for a server name. Of several only the oldest: a handshake tells no token.</summary>
    /// <param name="serverName">From the handshake (SNI).</param>
    public OpenChallenge? ByServerName(string serverName)
    {
        string name = Canonical(serverName);
        return _certificates.Lookup(ByAnswer, name).SelectMany(certificate => Read(certificate, ChallengeTypes.TlsAlpn01))
            .Where(challenge => ServerNameOf(challenge.Name) == name)
            .MinBy(challenge => (challenge.Started, challenge.Key.ToString(), challenge.Token));
    }

    private IEnumerable<OpenChallenge> Read(Certificate certificate, string type)
    {
        IssuanceStatus? issuance = certificate.Status?.Issuance;
        if (certificate.Metadata.DeletionTimestamp is not null || IssuerRef.Parse(issuance?.Issuer) is not { } reference || Find(reference, certificate) is not { Spec.Acme: { } acme } issuer)
            yield break;
        foreach (ChallengeStatus challenge in StatusesOf(certificate).Where(challenge => challenge.Type == type && Acme.Challenges.KeyAuthorization.IsToken(challenge.Token)))
        {
            string name = Canonical(challenge.Name);
            SolverChoice choice = SolverSelection.Choose(acme.Solvers, new NameToValidate(name, IPAddress.TryParse(name, out _)), certificate.Metadata.Labels);
            if (choice.For(type) is { } solver)
                yield return new OpenChallenge(certificate, issuer, solver, name, challenge.Token!, issuance!.Started);
        }
    }

    private IIssuerObject? Find(IssuerRef reference, Certificate certificate)
    {
        ObjectKey key = reference.Key(certificate.Metadata.Namespace ?? "");
        return reference.Kind == ClusterIssuer.Type.Kind ? _clusterIssuers.Find(key) : _issuers.Find(key);
    }

    private static IReadOnlyList<ChallengeStatus> StatusesOf(Certificate? certificate) => certificate?.Status?.Issuance?.Challenges ?? [];

    /// <summary>What a question for the challenge names.</summary>
    private static string AnswerOf(ChallengeStatus challenge)
        => challenge.Type == ChallengeTypes.TlsAlpn01 ? ServerNameOf(Canonical(challenge.Name)) : challenge.Token ?? "";

    /// <summary>What the handshake for a canonical name carries.</summary>
    public static string ServerNameOf(string name)
        => TlsAlpn01.ServerName(IPAddress.TryParse(name, out IPAddress? address) ? Identifier.Ip(address) : Identifier.Dns(name));

    /// <summary>Lower case, no dot at the end; an IP address without brackets and as RFC 5952 writes it.</summary>
    public static string Canonical(string host)
    {
        string name = host.TrimEnd('.').ToLowerInvariant();
        return IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) ? address.ToString() : name;
    }
}
