using CertOperator.Api;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Requests;
using CertOperator.Secrets;

namespace CertOperator.Audit;

/// <summary>A Secret against the entries of spec.tls that name it. Pure.</summary>
/// <param name="Key">Its namespace and name, for sentences.</param>
/// <param name="Secret">What is known of it.</param>
/// <param name="Hosts">Of all entries that name it.</param>
internal sealed record SecretCheck(string Key, NamedSecret Secret, IReadOnlyList<string> Hosts)
{
    private const int MostNamed = 3;
    private const double ShareAtExpiring = 0.25;

    private static readonly TimeSpan MostAtExpiring = TimeSpan.FromDays(21);
    private static readonly IReadOnlyList<string> ForServers = KeyUsageNames.Parse(["server auth", "any"]).ExtendedKeyUsages;

    /// <summary>All that is wrong with it.</summary>
    /// <param name="isOverdue">The Ingress is old enough for the Secret to be there.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<AuditFinding> Findings(bool isOverdue, DateTimeOffset now)
    {
        if (Secret.Facts is not { } facts)
            return Secret.IsOurs || !isOverdue ? [] : [Missing()];
        if (Secret.IsOurs)
            return facts.Certificate is { } own ? [.. Expired(own, now), .. Uncovered(own), .. Served()] : [];
        return [.. WrongType(), .. facts.Certificate is { } certificate ? Content(certificate, now) : [Unreadable(facts)]];
    }

    /// <summary>When time alone changes the findings.</summary>
    public IEnumerable<DateTimeOffset> Moments()
    {
        if (Secret.Facts?.Certificate is not { } certificate)
            yield break;
        yield return Over(certificate);
        if (Secret.IsOurs)
            yield break;
        yield return certificate.NotBefore;
        yield return ExpiringFrom(certificate);
    }

    /// <summary>As the Certificate has it, where an operator looks; of other Secrets nobody knows.</summary>
    private IEnumerable<AuditFinding> Served() => NamedSecret.Mismatch(Secret.Certificate) is { } mismatch ? [new(AuditCodes.ServedMismatch, mismatch)] : [];

    private AuditFinding Missing() => Secret.Elsewhere is { Count: > 0 } places
        ? new(AuditCodes.SecretElsewhere, $"There is no Secret {Key}; one of that name is in {(places.Count == 1 ? "the namespace" : "the namespaces")} {string.Join(", ", places.Take(MostNamed))}{(places.Count > MostNamed ? " and others" : "")}.")
        : new(AuditCodes.SecretMissing, $"There is no Secret {Key}.");

    private IEnumerable<AuditFinding> WrongType()
        => Secret.OtherType is { } type ? [new(AuditCodes.SecretWrongType, $"The Secret {Key} has the type {CertificateRules.Shown(type)}, not {Api.Secret.TlsType}.")] : [];

    private AuditFinding Unreadable(SecretFacts facts) => new(AuditCodes.SecretUnreadable, $"The Secret {Key} cannot be used: {facts.Problem}");

    private IEnumerable<AuditFinding> Content(CertificateFacts certificate, DateTimeOffset now)
    {
        var faults = certificate.Faults.Select(fault => new AuditFinding(CodeOf(fault.Code), $"In the Secret {Key}: {fault.Message}")).DistinctBy(finding => finding.Code).ToList();
        // Of certificates in the wrong order nothing can be said about what is missing between them, and not about hosts if a CA's stands first.
        bool isShuffled = faults.Exists(finding => finding.Code == AuditCodes.ChainOutOfOrder);
        if (isShuffled)
            faults.RemoveAll(finding => finding.Code == AuditCodes.ChainIncomplete || finding.Code == AuditCodes.ChainInvalid);
        if (certificate.LacksIssuer)
            faults.Add(new(AuditCodes.ChainIncomplete, $"The Secret {Key} holds the certificate with serial {certificate.SerialNumber} alone, without that of its issuer."));
        if (certificate.ExtendedKeyUsages.Count > 0 && !certificate.ExtendedKeyUsages.Any(ForServers.Contains))
            faults.Add(new(AuditCodes.NotForServers, $"The certificate in Secret {Key} is not for servers."));
        return [.. faults, .. Dates(certificate, now), .. Expired(certificate, now), .. isShuffled && certificate.IsCa ? [] : Uncovered(certificate)];
    }

    private IEnumerable<AuditFinding> Dates(CertificateFacts certificate, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
            yield return new(AuditCodes.NotYetValid, $"The certificate in Secret {Key} is not valid before {certificate.NotBefore:u}.");
        else if (now >= ExpiringFrom(certificate) && now < Over(certificate))
            yield return new(AuditCodes.Expiring, $"The {Ending(certificate)} in Secret {Key} expires at {certificate.ChainNotAfter:u}.");
    }

    private IEnumerable<AuditFinding> Expired(CertificateFacts certificate, DateTimeOffset now)
        => now >= Over(certificate) ? [new(AuditCodes.Expired, $"The {Ending(certificate)} in Secret {Key} expired at {certificate.ChainNotAfter:u}.")] : [];

    /// <summary>Hosts that the Certificate asks for already are in the midst of being certified.</summary>
    private IEnumerable<AuditFinding> Uncovered(CertificateFacts certificate)
    {
        if (Secret.IsWanted)
            return [];
        IReadOnlyList<string> hosts = HostCoverage.Uncovered(Hosts, certificate.Names);
        if (hosts.Count > 0 && Secret is { IsOurs: true, Certificate.Spec: { } spec })
            hosts = HostCoverage.Uncovered(hosts, new SubjectNames { DnsNames = spec.DnsNames ?? [], IpAddresses = spec.IpAddresses ?? [] });
        return hosts.Count == 0
            ? []
            : [new(AuditCodes.HostNotCovered, $"The certificate in Secret {Key} is for {List(certificate.Names.DnsNames, "no host")}, not for {List(hosts, "")}.")];
    }

    private static string List(IReadOnlyList<string> names, string none) => names.Count switch
    {
        0 => none,
        <= MostNamed => string.Join(", ", names.Select(CertificateRules.Shown)),
        _ => $"{string.Join(", ", names.Take(MostNamed).Select(CertificateRules.Shown))} and {names.Count - MostNamed} more",
    };

    private static string Ending(CertificateFacts certificate) => certificate.ChainNotAfter < certificate.NotAfter ? "chain" : "certificate";

    /// <summary>A certificate is valid through the second that it names.</summary>
    private static DateTimeOffset Over(CertificateFacts certificate) => certificate.ChainNotAfter + TimeSpan.FromSeconds(1);

    private static DateTimeOffset ExpiringFrom(CertificateFacts certificate)
    {
        TimeSpan left = (certificate.NotAfter - certificate.NotBefore) * ShareAtExpiring;
        return certificate.ChainNotAfter - (left < MostAtExpiring ? left : MostAtExpiring);
    }

    private static AuditCode CodeOf(ChainProblemCode problem) => problem switch
    {
        ChainProblemCode.KeyMismatch => AuditCodes.KeyMismatch,
        ChainProblemCode.IncompleteChain => AuditCodes.ChainIncomplete,
        ChainProblemCode.OutOfOrder => AuditCodes.ChainOutOfOrder,
        ChainProblemCode.CarriesRoot => AuditCodes.ChainCarriesRoot,
        ChainProblemCode.WeakKey => AuditCodes.WeakKey,
        ChainProblemCode.WeakSignature => AuditCodes.WeakSignature,
        _ => AuditCodes.ChainInvalid,
    };
}
