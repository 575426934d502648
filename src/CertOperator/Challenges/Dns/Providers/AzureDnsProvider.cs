using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Clouds;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// Azure DNS through the resource manager. Its API replaces whole record sets, under the condition that the set is still
/// the one that was read (ETag); if not, it is read again.
/// <code>
/// azureDNS:
///   subscriptionID: …
///   resourceGroupName: dns
///   tenantID: …                                             # with clientID and its secret; none of the
///   clientID: …                                             # three: the operator's own identity (ClusterIssuer)
///   clientSecretSecretRef: {name: azure, key: client-secret}
/// </code>
/// Role: DNS Zone Contributor (Private DNS Zone Contributor) on the zone.
/// </summary>
internal sealed class AzureDnsProvider(AzureDnsSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "Azure DNS";
    private const string Remedy = "Check subscriptionID, resourceGroupName and hostedZoneName, and that the identity has the role DNS Zone Contributor there.";
    private const int Tries = 4;

    private readonly AzureIdentity _identity = new(spec, context);

    private bool IsPrivate => spec.ZoneType == "AzurePrivateZone";

    public Task AddAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Adding(record.Value), cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Removing(record.Value), cancel);

    private async Task ChangeAsync(TxtRecord record, ChangeOfValues change, CancellationToken cancel)
    {
        string token = await _identity.GetAsync(cancel);
        Uri url = Address(record);
        for (int attempt = 1; ; attempt++)
        {
            ProviderReply read = await SendAsync(HttpMethod.Get, url, token, $"list the TXT records of {record.Name}", null, null, cancel);
            bool isAbsent = read.Status == 404 && read.Json().Member("error").Text("code") is "NotFound" or "ResourceNotFound";
            JsonElement set = isAbsent ? default : read.Ensure(Remedy).Json();
            if (change(Values(set)) is not { } wanted)
                return;

            JsonObject? body = wanted.Count > 0 ? Set(wanted) : null;
            ProviderReply reply = await SendAsync(
                body is null ? HttpMethod.Delete : HttpMethod.Put, url, token, $"write the TXT records of {record.Name}", body, isAbsent ? "" : set.Text("etag") ?? read.ETag, cancel);
            if (reply.Status == 412 && attempt < Tries)
                continue;
            reply.Ensure(Remedy);
            return;
        }
    }

    private Uri Address(TxtRecord record)
    {
        string zone = DnsNames.Normalize(spec.HostedZoneName ?? record.Zone);
        if (!DnsNames.IsWithin(record.Name, zone))
            throw new DnsException($"{record.Name} is not in the zone {zone} that azureDNS.hostedZoneName names: correct it, or leave it out.");
        string name = DnsNames.Relative(record.Name, zone) is { Length: > 0 } relative ? relative : "@";
        (string kind, string version) = IsPrivate ? ("privateDnsZones", "2020-06-01") : ("dnsZones", "2018-05-01");
        return new Uri(
            _identity.Management,
            $"subscriptions/{Uri.EscapeDataString(spec.SubscriptionID)}/resourceGroups/{Uri.EscapeDataString(spec.ResourceGroupName)}"
                + $"/providers/Microsoft.Network/{kind}/{Uri.EscapeDataString(zone)}/TXT/{name}?api-version={version}");
    }

    private string[] Values(JsonElement set)
        => [.. set.Member("properties").Items(IsPrivate ? "txtRecords" : "TXTRecords").Select(found => string.Concat(found.Texts("value")))];

    private JsonObject Set(IReadOnlyList<string> values) => new()
    {
        ["properties"] = new JsonObject
        {
            [IsPrivate ? "ttl" : "TTL"] = TxtRecord.Ttl,
            [IsPrivate ? "txtRecords" : "TXTRecords"] = new JsonArray([.. values.Select(value => (JsonNode)new JsonObject { ["value"] = Strings(value) })]),
        },
    };

    /// <summary>A string of a TXT record has at most 255 characters.</summary>
    private static JsonArray Strings(string value) => new([.. value.Chunk(255).Select(part => (JsonNode)new string(part))]);

    /// <param name="method">What to do.</param>
    /// <param name="url">The record set.</param>
    /// <param name="token">Bearer token.</param>
    /// <param name="purpose">For people.</param>
    /// <param name="body">The set.</param>
    /// <param name="version">The version that must still be there; empty if there must be none; null for any.</param>
    /// <param name="cancel">Ends the call.</param>
    private Task<ProviderReply> SendAsync(
        HttpMethod method, Uri url, string token, string purpose, JsonObject? body, string? version, CancellationToken cancel)
    {
        var request = new ProviderRequest(method, url) { Provider = Provider, Purpose = purpose, Secrets = [token], Body = body?.ToUtf8() };
        request.Headers["Authorization"] = $"Bearer {token}";
        if (version is { Length: 0 })
            request.Headers["If-None-Match"] = "*";
        else if (version is not null)
            request.Headers["If-Match"] = version;
        return context.Services.Http.SendAsync(request, cancel);
    }
}
