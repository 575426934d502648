using CertOperator.Api;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>Objects for tables.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ServedOptions Options = new();

    public static readonly ServedTarget Target = new("web.example.com", "10.0.0.1");

    public static readonly CertificateFacts Stored = Facts("AA");

    public static CertificateFacts Facts(string fingerprint, params string[] names) => new()
    {
        Names = new SubjectNames { DnsNames = names.Length > 0 ? names : ["web.example.com"] },
        Subject = DistinguishedName.FromParts(null, SubjectParts.Empty),
        SerialNumber = "0123",
        Fingerprint = fingerprint,
        NotBefore = Now,
        NotAfter = Now.AddDays(90),
        KeyAlgorithm = KeyAlgorithm.Ecdsa,
        KeySize = 256,
        KeyEncoding = KeyEncoding.Pkcs8,
        KeyUsages = null,
        ExtendedKeyUsages = [],
        IsCa = false,
        IsSelfSigned = false,
        ChainNotAfter = Now.AddDays(90),
    };

    public static ServedLeaf Leaf(string fingerprint) => new()
    {
        Fingerprint = fingerprint,
        SerialNumber = "4567",
        Names = ["web.example.com"],
        NameCount = 1,
        Subject = "",
        Issuer = "CN=Root",
        NotBefore = Now.AddDays(-60),
        NotAfter = Now.AddDays(30),
        IsForHost = true,
    };

    public static Sighting Sight(DateTimeOffset at, string? fingerprint) => fingerprint is null
        ? new Sighting(at, SightingOutcome.TimedOut, System.Net.IPAddress.Parse("10.0.0.1"))
        : new Sighting(at, SightingOutcome.Seen, System.Net.IPAddress.Parse("10.0.0.1"), Leaf(fingerprint));

    /// <param name="served">Status, reason and age of the condition Served; null for none.</param>
    /// <param name="fingerprint">What status tells to be stored.</param>
    /// <param name="issued">How long ago it was issued; null if nobody knows.</param>
    /// <param name="uid">Of the Certificate.</param>
    public static Certificate Certificate((string Status, string Reason, TimeSpan Age)? served = null, string fingerprint = "AA", TimeSpan? issued = null, string uid = "u") => new()
    {
        Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Uid = uid, Generation = 1 },
        Spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" } },
        Status = new CertificateStatus
        {
            Fingerprint = fingerprint,
            Attempts = issued is { } ago ? [new IssuanceAttempt { Time = Now - ago, Issuer = "Issuer/ca", Outcome = IssuanceAttempt.Issued, Reason = "" }] : null,
            Conditions = served is var (status, reason, age)
                ? [new Condition { Type = ConditionTypes.Served, Status = status, Reason = reason, Message = "as told", LastTransitionTime = Now - age }]
                : null,
        },
    };

    /// <param name="name">Of the Ingress.</param>
    /// <param name="addresses">Separated by spaces; a letter at the beginning makes a name of it.</param>
    /// <param name="annotation">A name that is set to true.</param>
    /// <param name="tls">Secret and hosts of each entry.</param>
    public static Ingress Ingress(string name, string addresses, string? annotation = null, params (string? Secret, string[] Hosts)[] tls) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop", Annotations = annotation is null ? null : new Dictionary<string, string> { [annotation] = "true" } },
        Spec = new IngressSpec { Tls = [.. tls.Select(entry => new IngressTls { SecretName = entry.Secret, Hosts = entry.Hosts })] },
        Status = new IngressStatus
        {
            LoadBalancer = new IngressLoadBalancer
            {
                Ingress = [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => char.IsLetter(address[0]) ? new IngressAddress { Hostname = address } : new IngressAddress { Ip = address })],
            },
        },
    };

    public static ServedScope Scope(params string[] hosts)
        => ServedScope.Of([Ingress("web", "10.0.0.1", null, ("web", hosts.Length > 0 ? hosts : ["web.example.com"]))], "web", new SubjectNames { DnsNames = hosts.Length > 0 ? hosts : ["web.example.com"] })!;
}
