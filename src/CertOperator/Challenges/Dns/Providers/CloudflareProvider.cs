using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// Cloudflare's API v4. Each value is a record of its own, so adding is a POST and removing a DELETE.
/// <code>
/// cloudflare:
///   apiTokenSecretRef: {name: cloudflare, key: api-token}   # permissions Zone:Read and DNS:Edit
/// </code>
/// </summary>
internal sealed class CloudflareProvider(CloudflareSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "Cloudflare";
    private const string Remedy = "Check that the API token is right and has the permissions Zone:Read and DNS:Edit for the zone.";

    /// <summary>"An identical record already exists."</summary>
    private const int AlreadyExists = 81058;

    public async Task AddAsync(TxtRecord record, CancellationToken cancel)
    {
        Credentials credentials = await CredentialsAsync(cancel);
        string zone = await ZoneAsync(credentials, record, cancel);
        if ((await FindAsync(credentials, zone, record, cancel)).Count > 0)
            return;

        var body = new JsonObject { ["type"] = "TXT", ["name"] = record.Name, ["content"] = $"\"{record.Value}\"", ["ttl"] = TxtRecord.Ttl };
        ProviderReply reply = await SendAsync(credentials, HttpMethod.Post, $"zones/{zone}/dns_records", $"add the TXT record {record.Name}", body, cancel);
        if (!reply.IsSuccess && reply.Json().Items("errors").Any(error => error.Number("code") == AlreadyExists))
            return;
        reply.Ensure(Remedy);
    }

    public async Task RemoveAsync(TxtRecord record, CancellationToken cancel)
    {
        Credentials credentials = await CredentialsAsync(cancel);
        string zone = await ZoneAsync(credentials, record, cancel);
        foreach (string id in await FindAsync(credentials, zone, record, cancel))
        {
            ProviderReply reply = await SendAsync(
                credentials, HttpMethod.Delete, $"zones/{zone}/dns_records/{Uri.EscapeDataString(id)}", $"remove the TXT record {record.Name}", null, cancel);
            if (reply.Status != 404)
                reply.Ensure(Remedy);
        }
    }

    private async Task<string> ZoneAsync(Credentials credentials, TxtRecord record, CancellationToken cancel)
    {
        ProviderReply reply = await SendAsync(credentials, HttpMethod.Get, $"zones?name={record.Zone}", $"find the zone {record.Zone}", null, cancel);
        JsonElement found = reply.Ensure(Remedy).Json();
        return found.Items("result").Select(zone => zone.Text("id")).FirstOrDefault(id => id is not null) is { } id
            ? Uri.EscapeDataString(id)
            : throw reply.Failed("the account has no such zone, or the token must not see it", Remedy);
    }

    /// <summary>Identifiers of the records that hold the value.</summary>
    private async Task<IReadOnlyList<string>> FindAsync(Credentials credentials, string zone, TxtRecord record, CancellationToken cancel)
    {
        ProviderReply reply = await SendAsync(
            credentials, HttpMethod.Get, $"zones/{zone}/dns_records?type=TXT&name={record.Name}&per_page=100", $"list the TXT records of {record.Name}", null, cancel);
        return
        [
            .. reply.Ensure(Remedy).Json().Items("result")
                .Where(found => found.Text("content")?.Trim('"') == record.Value)
                .Select(found => found.Text("id")).OfType<string>(),
        ];
    }

    private Task<ProviderReply> SendAsync(
        Credentials credentials, HttpMethod method, string path, string purpose, JsonObject? body, CancellationToken cancel)
    {
        var request = new ProviderRequest(method, new Uri(context.Services.Endpoints.Cloudflare, path))
        {
            Provider = Provider,
            Purpose = purpose,
            Secrets = [credentials.Secret],
            Body = body?.ToUtf8(),
        };
        if (credentials.Email is { } email)
            (request.Headers["X-Auth-Email"], request.Headers["X-Auth-Key"]) = (email, credentials.Secret);
        else
            request.Headers["Authorization"] = $"Bearer {credentials.Secret}";
        return context.Services.Http.SendAsync(request, cancel);
    }

    private async Task<Credentials> CredentialsAsync(CancellationToken cancel)
        => spec.ApiTokenSecretRef is { } token
            ? new Credentials(null, await context.Secrets.ReadAsync(token, "api-token", "the Cloudflare API token", cancel))
            : new Credentials(spec.Email ?? "", await context.Secrets.ReadAsync(spec.ApiKeySecretRef!, "api-key", "the Cloudflare API key", cancel));

    private sealed class Credentials(string? email, string secret)
    {
        public string? Email => email;

        public string Secret => secret;
    }
}
