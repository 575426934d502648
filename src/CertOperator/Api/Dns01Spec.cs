using System.ComponentModel;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>Where TXT records are written: exactly one provider, and how to know that the world sees them.</summary>
[KubeRule(Providers + " == 1 || " + Providers + " == 0 && " + IsPersistent, Sentences.OneProvider)]
[KubeRule("!has(self.acmeDNS) || !" + IsPersistent, Sentences.ForgetfulProvider)]
[KubeRule("!has(self.persistUntil) || " + IsPersistent, Sentences.PersistUntil)]
internal sealed record Dns01Spec
{
    /// <summary>Challenge type whose records stay (draft-ietf-acme-dns-persist).</summary>
    public const string DnsPersist01 = "dns-persist-01";

    private const string Providers =
        "((has(self.rfc2136) ? 1 : 0) + (has(self.cloudflare) ? 1 : 0) + (has(self.route53) ? 1 : 0) + (has(self.azureDNS) ? 1 : 0) + (has(self.cloudDNS) ? 1 : 0)"
        + " + (has(self.digitalocean) ? 1 : 0) + (has(self.acmeDNS) ? 1 : 0) + (has(self.powerdns) ? 1 : 0) + (has(self.webhook) ? 1 : 0))";

    private const string IsPersistent = "(has(self.challengeType) && self.challengeType == '" + DnsPersist01 + "')";

    [Description("dns-01 (the default): the record is at _acme-challenge.NAME. dns-account-01: at _LABEL._acme-challenge.NAME, with a label of the account's own, so that several accounts, for instance of several clusters, validate the same names side by side. dns-persist-01 (experimental): at _validation-persist.NAME, where it stays for good; without a provider the Certificate tells which record you are to set.")]
    [KubeEnum("dns-01", "dns-account-01", DnsPersist01)]
    public string? ChallengeType { get; init; }

    [Description("For dns-persist-01, when the record that is told or written ends; never if absent.")]
    public DateTimeOffset? PersistUntil { get; init; }

    [Description("Follow: writes where a CNAME at _acme-challenge leads. None (the default): writes at _acme-challenge itself.")]
    [KubeEnum("None", "Follow")]
    public string? CnameStrategy { get; init; }

    [Description("Recursive name servers, as host or host:port, that are asked for zones and delegations; the system's if absent.")]
    [KubeItems(8)]
    public IReadOnlyList<string>? Nameservers { get; init; }

    [Description("How it is known that the record can be seen.")]
    public PropagationSpec? Propagation { get; init; }

    [Description("A name server that takes signed dynamic updates (RFC 2136): BIND, Knot, PowerDNS and others.")]
    public Rfc2136Spec? Rfc2136 { get; init; }

    [Description("Cloudflare.")]
    public CloudflareSpec? Cloudflare { get; init; }

    [Description("Amazon Route 53.")]
    public Route53Spec? Route53 { get; init; }

    [Description("Azure DNS.")]
    public AzureDnsSpec? AzureDNS { get; init; }

    [Description("Google Cloud DNS.")]
    public CloudDnsSpec? CloudDNS { get; init; }

    [Description("DigitalOcean.")]
    public DigitalOceanSpec? Digitalocean { get; init; }

    [Description("A server of the acme-dns protocol, to which _acme-challenge is delegated by CNAME.")]
    public AcmeDnsSpec? AcmeDNS { get; init; }

    [Description("The HTTP API of a PowerDNS authoritative server.")]
    public PowerDnsSpec? Powerdns { get; init; }

    [Description("A DNS webhook made for cert-manager, installed in this cluster.")]
    public DnsWebhookSpec? Webhook { get; init; }
}

internal sealed record PropagationSpec
{
    [Description("Authoritative (the default): asks every name server of the zone. Recursive: asks the nameservers above. None: does not ask.")]
    [KubeEnum("Authoritative", "Recursive", "None")]
    public string? Check { get; init; }

    [Description("How long to wait at most, as a Go duration; 2m if absent.")]
    [KubePattern(GoDuration.Pattern)]
    public string? Timeout { get; init; }
}
