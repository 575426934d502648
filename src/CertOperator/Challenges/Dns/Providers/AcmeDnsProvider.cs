using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// A server of the acme-dns protocol: it serves nothing but challenges, and each domain has an account there whose name
/// <c>_acme-challenge</c> is delegated to by a CNAME. It keeps the last two values (enough for a domain and its wildcard)
/// and knows no removing.
/// <code>
/// acmeDNS:
///   host: https://auth.example.org
///   accountSecretRef: {name: acme-dns, key: acmedns.json}
/// </code>
/// The Secret's JSON: <c>{"example.com": {"username": …, "password": …, "fulldomain": …, "subdomain": …}}</c>.
/// </summary>
internal sealed class AcmeDnsProvider(AcmeDnsSpec spec, DnsProviderContext context) : IDnsProvider
{
    private const string Provider = "acme-dns";
    private const string Remedy = "Check username, password and subdomain in the account Secret, and the addresses that the account allows.";

    public async Task AddAsync(TxtRecord record, CancellationToken cancel)
    {
        string json = await context.Secrets.ReadAsync(spec.AccountSecretRef, "acmedns.json", "the acme-dns accounts", cancel);
        JsonElement account = Account(json, record.Domain);
        string password = account.Text("password") ?? "";
        var body = new JsonObject { ["subdomain"] = account.Text("subdomain"), ["txt"] = record.Value };
        var request = new ProviderRequest(HttpMethod.Post, UserEndpoint.Append(spec.Host, "acmeDNS.host", "update"))
        {
            Provider = Provider,
            Purpose = $"add the TXT record for {record.Domain}",
            Secrets = [password],
            IsUsersEndpoint = true,
            Body = body.ToUtf8(),
        };
        request.Headers["X-Api-User"] = account.Text("username") ?? "";
        request.Headers["X-Api-Key"] = password;
        (await context.Services.Http.SendAsync(request, cancel)).Ensure(Remedy);
    }

    /// <summary>Nothing: the value goes when two newer ones have come.</summary>
    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => Task.CompletedTask;

    private JsonElement Account(string json, string domain)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement account = document.RootElement.Member(domain);
            return account.ValueKind == JsonValueKind.Object
                ? account.Clone()
                : throw new DnsException($"The Secret {context.Secrets.Namespace}/{spec.AccountSecretRef.Name} has no acme-dns account for {domain}: register one and add it.");
        }
        catch (JsonException)
        {
            throw new DnsException($"The acme-dns accounts in the Secret {context.Secrets.Namespace}/{spec.AccountSecretRef.Name} are no JSON: store them as acme-dns gave them, by domain.");
        }
    }
}
