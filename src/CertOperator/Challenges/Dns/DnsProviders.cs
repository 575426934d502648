using CertOperator.Api;
using CertOperator.Challenges.Dns.Providers;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns;

/// <summary>The provider that an issuer's settings name.</summary>
internal static class DnsProviders
{
    /// <summary>Whether settings name one.</summary>
    public static bool IsNamed(Dns01Spec spec) => spec is not
    {
        Rfc2136: null, Cloudflare: null, Route53: null, AzureDNS: null, CloudDNS: null, Digitalocean: null, AcmeDNS: null, Powerdns: null, Webhook: null,
    };

    /// <exception cref="DnsException">They name none.</exception>
    public static IDnsProvider Create(Dns01Spec spec, DnsProviderContext context) => spec switch
    {
        { Rfc2136: { } rfc2136 } => new Rfc2136Provider(rfc2136, context),
        { Cloudflare: { } cloudflare } => new CloudflareProvider(cloudflare, context),
        { Route53: { } route53 } => new Route53Provider(route53, context),
        { AzureDNS: { } azure } => new AzureDnsProvider(azure, context),
        { CloudDNS: { } google } => new CloudDnsProvider(google, context),
        { Digitalocean: { } digitalOcean } => new DigitalOceanProvider(digitalOcean, context),
        { AcmeDNS: { } acmeDns } => new AcmeDnsProvider(acmeDns, context),
        { Powerdns: { } powerDns } => new PowerDnsProvider(powerDns, context),
        { Webhook: { } webhook } => new WebhookProvider(webhook, context),
        _ => throw new DnsException("The dns01 settings name no provider: add one."),
    };
}
