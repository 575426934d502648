using System.Globalization;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// DigitalOcean's API v2. Each value is a record of its own, so adding is a POST and removing a DELETE.
/// <code>
/// digitalocean:
///   tokenSecretRef: {name: digitalocean, key: access-token}   # scope domain:read, domain:write
/// </code>
/// </summary>
internal sealed class DigitalOceanProvider(DigitalOceanSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "DigitalOcean";
    private const string Remedy = "Check that the API token is right and may write domains.";

    public async Task AddAsync(TxtRecord record, CancellationToken cancel)
    {
        string token = await TokenAsync(cancel);
        if ((await FindAsync(token, record, cancel)).Count > 0)
            return;

        var body = new JsonObject { ["type"] = "TXT", ["name"] = record.Relative is { Length: > 0 } name ? name : "@", ["data"] = record.Value, ["ttl"] = TxtRecord.Ttl };
        (await SendAsync(token, HttpMethod.Post, $"domains/{record.Zone}/records", $"add the TXT record {record.Name}", body, cancel)).Ensure(Remedy);
    }

    public async Task RemoveAsync(TxtRecord record, CancellationToken cancel)
    {
        string token = await TokenAsync(cancel);
        foreach (long id in await FindAsync(token, record, cancel))
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"domains/{record.Zone}/records/{id}");
            ProviderReply reply = await SendAsync(token, HttpMethod.Delete, path, $"remove the TXT record {record.Name}", null, cancel);
            if (reply.Status != 404)
                reply.Ensure(Remedy);
        }
    }

    /// <summary>Identifiers of the records that hold the value.</summary>
    private async Task<IReadOnlyList<long>> FindAsync(string token, TxtRecord record, CancellationToken cancel)
    {
        string path = $"domains/{record.Zone}/records?type=TXT&name={record.Name}&per_page=200";
        ProviderReply reply = await SendAsync(token, HttpMethod.Get, path, $"list the TXT records of {record.Name}", null, cancel);
        return
        [
            .. reply.Ensure(Remedy).Json().Items("domain_records")
                .Where(found => found.Text("type") == "TXT" && found.Text("data") == record.Value)
                .Select(found => found.Number("id")).OfType<long>(),
        ];
    }

    private Task<ProviderReply> SendAsync(string token, HttpMethod method, string path, string purpose, JsonObject? body, CancellationToken cancel)
    {
        var request = new ProviderRequest(method, new Uri(context.Services.Endpoints.DigitalOcean, path))
        {
            Provider = Provider,
            Purpose = purpose,
            Secrets = [token],
            Body = body?.ToUtf8(),
        };
        request.Headers["Authorization"] = $"Bearer {token}";
        return context.Services.Http.SendAsync(request, cancel);
    }

    private Task<string> TokenAsync(CancellationToken cancel)
        => context.Secrets.ReadAsync(spec.TokenSecretRef, "access-token", "the DigitalOcean API token", cancel);
}
