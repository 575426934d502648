using System.Text;
using System.Xml.Linq;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Clouds;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// Amazon Route 53. Its API replaces whole record sets: a change deletes the set that was read and creates the one that is
/// wanted, in one batch that AWS refuses if the set has become another meanwhile; then it is read again.
/// <code>
/// route53:
///   accessKeyID: AKIA…                                      # none: the operator's own role (ClusterIssuer)
///   secretAccessKeySecretRef: {name: aws, key: secret-access-key}
///   role: arn:aws:iam::123456789012:role/dns                # optional, to assume
///   auth: {kubernetes: {serviceAccountRef: {name: dns}}}    # instead of the key, who assumes it
///   hostedZoneID: Z123                                      # optional, else looked up
/// </code>
/// Permissions: route53:ListHostedZonesByName, ListResourceRecordSets, ChangeResourceRecordSets.
/// </summary>
internal sealed class Route53Provider(Route53Spec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "Route 53";
    private const string Remedy = "Check the access key, and that it may list and change the records of the zone.";
    private const string Conflict = "InvalidChangeBatch";
    private const int Tries = 4;

    private static readonly XNamespace Schema = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly AwsIdentity _identity = new(spec, context);

    public Task AddAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Adding(record.Value), cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Removing(record.Value), cancel);

    private async Task ChangeAsync(TxtRecord record, ChangeOfValues change, CancellationToken cancel)
    {
        CloudCredentials credentials = await _identity.GetAsync(cancel);
        string zone = await ZoneAsync(credentials, record, cancel);
        for (int attempt = 1; ; attempt++)
        {
            XElement? current = await FindAsync(credentials, zone, record, cancel);
            string[] values = [.. (current?.Descendants(Schema + "Value") ?? []).Select(value => value.Value.Trim('"'))];
            if (change(values) is not { } wanted)
                return;

            ProviderReply reply = await SendAsync(
                credentials, HttpMethod.Post, $"hostedzone/{zone}/rrset", $"write the TXT records of {record.Name}", Batch(record, current, wanted), cancel);
            bool isOvertaken = reply.Status == 400 && reply.Xml().DescendantsAndSelf().Any(element => element.Name.LocalName == Conflict || element.Value == Conflict);
            if (isOvertaken && attempt < Tries)
                continue;
            reply.Ensure(Remedy);
            return;
        }
    }

    private async Task<string> ZoneAsync(CloudCredentials credentials, TxtRecord record, CancellationToken cancel)
    {
        if (spec.HostedZoneID is { } known)
            return known[(known.LastIndexOf('/') + 1)..];

        ProviderReply reply = await SendAsync(
            credentials, HttpMethod.Get, $"hostedzonesbyname?dnsname={record.Zone}.&maxitems=10", $"find the zone {record.Zone}", null, cancel);
        string? id = reply.Ensure(Remedy).Xml().Descendants(Schema + "HostedZone")
            .Where(zone => zone.Element(Schema + "Name")?.Value.TrimEnd('.') == record.Zone && zone.Descendants(Schema + "PrivateZone").FirstOrDefault()?.Value != "true")
            .Select(zone => zone.Element(Schema + "Id")?.Value).FirstOrDefault();
        return id is null
            ? throw reply.Failed("the account has no such public zone; name another account's by role, or a private one by hostedZoneID")
            : Uri.EscapeDataString(id[(id.LastIndexOf('/') + 1)..]);
    }

    /// <summary>The set as it stands; null if there is none. The list starts at the name asked for, or after it.</summary>
    private async Task<XElement?> FindAsync(CloudCredentials credentials, string zone, TxtRecord record, CancellationToken cancel)
    {
        ProviderReply reply = await SendAsync(
            credentials, HttpMethod.Get, $"hostedzone/{zone}/rrset?name={record.Name}.&type=TXT&maxitems=1", $"list the TXT records of {record.Name}", null, cancel);
        return reply.Ensure(Remedy).Xml().Descendants(Schema + "ResourceRecordSet")
            .FirstOrDefault(set => set.Element(Schema + "Type")?.Value == "TXT" && set.Element(Schema + "Name")?.Value.TrimEnd('.') == record.Name);
    }

    private static XElement Batch(TxtRecord record, XElement? current, IReadOnlyList<string> wanted)
    {
        var changes = new XElement(Schema + "Changes");
        if (current is not null)
            changes.Add(Change("DELETE", new XElement(current)));
        if (wanted.Count > 0)
        {
            changes.Add(Change("CREATE", new XElement(
                Schema + "ResourceRecordSet",
                new XElement(Schema + "Name", record.Name + "."),
                new XElement(Schema + "Type", "TXT"),
                new XElement(Schema + "TTL", TxtRecord.Ttl),
                new XElement(Schema + "ResourceRecords", wanted.Select(value => new XElement(Schema + "ResourceRecord", new XElement(Schema + "Value", $"\"{value}\"")))))));
        }

        return new XElement(Schema + "ChangeResourceRecordSetsRequest", new XElement(Schema + "ChangeBatch", changes));

        static XElement Change(string action, XElement set) => new(Schema + "Change", new XElement(Schema + "Action", action), set);
    }

    private Task<ProviderReply> SendAsync(
        CloudCredentials credentials, HttpMethod method, string path, string purpose, XElement? body, CancellationToken cancel)
    {
        (string endpoint, string region) = _identity.Region switch
        {
            ['c', 'n', '-', ..] => ("https://route53.amazonaws.com.cn/", "cn-northwest-1"),
            ['u', 's', '-', 'g', 'o', 'v', ..] => ("https://route53.us-gov.amazonaws.com/", "us-gov-west-1"),
            _ => ("https://route53.amazonaws.com/", "us-east-1"),
        };
        var request = new ProviderRequest(method, new Uri(context.Services.Endpoints.Aws ?? new Uri(endpoint), $"2013-04-01/{path}"))
        {
            Provider = Provider,
            Purpose = purpose,
            Secrets = [credentials.SecretAccessKey, .. credentials.Token is { } token ? [token] : Array.Empty<string>()],
            Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)),
            ContentType = "application/xml",
        };
        AwsSignature.Sign(request, credentials, region, "route53", context.Services.Time.GetUtcNow());
        return context.Services.Http.SendAsync(request, cancel);
    }
}
