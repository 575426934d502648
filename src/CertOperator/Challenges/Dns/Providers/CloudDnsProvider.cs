using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Clouds;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// Google Cloud DNS. Its API replaces whole record sets: a change deletes the set that was read and adds the one that is
/// wanted, at once, and is refused if the set has become another meanwhile; then it is read again.
/// <code>
/// cloudDNS:
///   project: my-project
///   serviceAccountSecretRef: {name: google, key: key.json}   # none: the operator's own identity (ClusterIssuer)
/// </code>
/// Role: DNS Administrator, or dns.managedZones.list, dns.resourceRecordSets.* and dns.changes.create.
/// </summary>
internal sealed class CloudDnsProvider(CloudDnsSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "Cloud DNS";
    private const string Remedy = "Check the project, and that the service account has the role DNS Administrator there.";
    private const int Tries = 4;

    private readonly GoogleIdentity _identity = new(spec, context);

    public Task AddAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Adding(record.Value), cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Removing(record.Value), cancel);

    private async Task ChangeAsync(TxtRecord record, ChangeOfValues change, CancellationToken cancel)
    {
        string token = await _identity.GetAsync(cancel);
        string zone = spec.HostedZoneName ?? await ZoneAsync(token, record, cancel);
        string path = $"managedZones/{Uri.EscapeDataString(zone)}";
        for (int attempt = 1; ; attempt++)
        {
            ProviderReply list = await SendAsync(token, HttpMethod.Get, $"{path}/rrsets?name={record.Name}.&type=TXT", $"list the TXT records of {record.Name}", null, cancel);
            JsonElement set = list.Ensure(Remedy).Json().Items("rrsets") is [var first, ..] ? first : default;
            if (change([.. set.Texts("rrdatas").Select(value => value.Trim('"'))]) is not { } wanted)
                return;

            var body = new JsonObject();
            if (set.ValueKind == JsonValueKind.Object)
                body["deletions"] = new JsonArray(JsonNode.Parse(set.GetRawText()));
            if (wanted.Count > 0)
                body["additions"] = new JsonArray(Set(record, wanted));
            ProviderReply reply = await SendAsync(token, HttpMethod.Post, $"{path}/changes", $"write the TXT records of {record.Name}", body, cancel);
            if (reply.Status is 404 or 409 or 412 && attempt < Tries)
                continue;
            reply.Ensure(Remedy);
            return;
        }
    }

    private async Task<string> ZoneAsync(string token, TxtRecord record, CancellationToken cancel)
    {
        ProviderReply reply = await SendAsync(token, HttpMethod.Get, $"managedZones?dnsName={record.Zone}.", $"find the zone {record.Zone}", null, cancel);
        return reply.Ensure(Remedy).Json().Items("managedZones")
            .Where(zone => zone.Text("visibility") != "private").Select(zone => zone.Text("name")).FirstOrDefault(name => name is not null)
            ?? throw reply.Failed($"the project {spec.Project} has no such public zone", "Name a private one by hostedZoneName.");
    }

    private static JsonObject Set(TxtRecord record, IReadOnlyList<string> values) => new()
    {
        ["name"] = record.Name + ".",
        ["type"] = "TXT",
        ["ttl"] = TxtRecord.Ttl,
        ["rrdatas"] = new JsonArray([.. values.Select(value => (JsonNode)$"\"{value}\"")]),
    };

    private Task<ProviderReply> SendAsync(string token, HttpMethod method, string path, string purpose, JsonObject? body, CancellationToken cancel)
    {
        var request = new ProviderRequest(method, new Uri(context.Services.Endpoints.GoogleDns, $"projects/{Uri.EscapeDataString(spec.Project)}/{path}"))
        {
            Provider = Provider,
            Purpose = purpose,
            Secrets = [token],
            Body = body?.ToUtf8(),
        };
        request.Headers["Authorization"] = $"Bearer {token}";
        return context.Services.Http.SendAsync(request, cancel);
    }
}
