using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// The HTTP API of a PowerDNS authoritative server. It replaces whole record sets, so the set is read, changed and written.
/// <code>
/// powerdns:
///   host: https://dns.example.com:8081
///   apiKeySecretRef: {name: powerdns, key: api-key}
/// </code>
/// </summary>
internal sealed class PowerDnsProvider(PowerDnsSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "PowerDNS";
    private const string Remedy = "Check the API key, and that the server's webserver-allow-from lets the operator in.";

    public Task AddAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Adding(record.Value), cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => ChangeAsync(record, ChangesOfValues.Removing(record.Value), cancel);

    private async Task ChangeAsync(TxtRecord record, ChangeOfValues change, CancellationToken cancel)
    {
        string key = await context.Secrets.ReadAsync(spec.ApiKeySecretRef, "api-key", "the PowerDNS API key", cancel);
        Uri zone = UserEndpoint.Append(
            spec.Host, "powerdns.host", $"api/v1/servers/{Uri.EscapeDataString(spec.ServerID ?? "localhost")}/zones/{Uri.EscapeDataString(record.Zone + ".")}");
        var query = new Uri($"{zone}?rrset_name={record.Name}.&rrset_type=TXT");
        ProviderReply reply = await SendAsync(HttpMethod.Get, query, key, $"read the zone {record.Zone}", null, cancel);

        // A server before 4.7 does not filter.
        JsonElement set = reply.Ensure(Remedy).Json().Items("rrsets")
            .FirstOrDefault(found => found.Text("type") == "TXT" && found.Text("name")?.TrimEnd('.').ToLowerInvariant() == record.Name);
        string[] values = [.. set.Items("records").Select(found => found.Text("content")?.Trim('"')).OfType<string>()];
        if (change(values) is not { } wanted)
            return;

        var replacement = new JsonObject
        {
            ["name"] = record.Name + ".",
            ["type"] = "TXT",
            ["ttl"] = TxtRecord.Ttl,
            ["changetype"] = wanted.Count > 0 ? "REPLACE" : "DELETE",
            ["records"] = new JsonArray([.. wanted.Select(value => (JsonNode)new JsonObject { ["content"] = $"\"{value}\"", ["disabled"] = false })]),
        };
        var body = new JsonObject { ["rrsets"] = new JsonArray(replacement) };
        (await SendAsync(HttpMethod.Patch, zone, key, $"write the TXT records of {record.Name}", body, cancel)).Ensure(Remedy);
    }

    private Task<ProviderReply> SendAsync(HttpMethod method, Uri url, string key, string purpose, JsonObject? body, CancellationToken cancel)
    {
        var request = new ProviderRequest(method, url)
        {
            Provider = Provider,
            Purpose = purpose,
            Secrets = [key],
            IsUsersEndpoint = true,
            CaBundle = spec.CaBundle,
            Body = body?.ToUtf8(),
        };
        request.Headers["X-API-Key"] = key;
        return context.Services.Http.SendAsync(request, cancel);
    }
}
