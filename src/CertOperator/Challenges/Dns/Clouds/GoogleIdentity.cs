using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>
/// Who calls Google: a service account with a JSON key (a JWT signed with it is exchanged for a token, RFC 7523), else the
/// operator's own identity, as the metadata server gives it.
/// </summary>
internal sealed class GoogleIdentity(CloudDnsSpec spec, DnsProviderContext context)
{
    private const string Scope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
    private const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly DnsServices _services = context.Services;

    /// <summary>The bearer token.</summary>
    /// <exception cref="DnsException">There are no credentials, or Google refuses them.</exception>
    public async Task<string> GetAsync(CancellationToken cancel)
    {
        if (spec.ServiceAccountSecretRef is { } reference)
        {
            string key = await context.Secrets.ReadAsync(reference, "key.json", "the Google service account key", cancel);
            return (await _services.Tokens.GetAsync(["google-key", key], () => ExchangeAsync(key, $"{context.Secrets.Namespace}/{reference.Name}", cancel))).Token!;
        }

        context.RequireOwnIdentity("cloudDNS", "set serviceAccountSecretRef");
        return (await _services.Tokens.GetAsync(["google-own"], () => MetadataAsync(cancel))).Token!;
    }

    private async Task<CloudCredentials> ExchangeAsync(string key, string secret, CancellationToken cancel)
    {
        string assertion = Assertion(key, secret);
        var request = new ProviderRequest(HttpMethod.Post, _services.Endpoints.GoogleToken)
        {
            Provider = "Google",
            Purpose = "give a token to the service account",
            Secrets = [assertion],
            Body = Encoding.UTF8.GetBytes($"grant_type={Uri.EscapeDataString(GrantType)}&assertion={assertion}"),
            ContentType = "application/x-www-form-urlencoded",
        };
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure($"Check that the key in the Secret {secret} was not deleted at Google."));
    }

    private async Task<CloudCredentials> MetadataAsync(CancellationToken cancel)
    {
        var url = new Uri(_services.Endpoints.GoogleMetadata, "instance/service-accounts/default/token");
        var request = new ProviderRequest(HttpMethod.Get, url) { Provider = "The Google metadata server", Purpose = "give a token" };
        request.Headers["Metadata-Flavor"] = "Google";
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure("Bind the operator's service account to one of Google's, or set serviceAccountSecretRef."));
    }

    /// <summary>Where the key's own <c>token_uri</c> leads to is not asked: whoever writes the Secret must not choose whom the operator calls.</summary>
    private string Assertion(string key, string secret)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(key);
            JsonElement json = document.RootElement;
            using var rsa = RSA.Create();
            rsa.ImportFromPem(json.Text("private_key") ?? "");
            long now = _services.Time.GetUtcNow().ToUnixTimeSeconds();
            var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = json.Text("private_key_id") };
            var claims = new JsonObject
            {
                ["iss"] = json.Text("client_email"),
                ["scope"] = Scope,
                ["aud"] = _services.Endpoints.GoogleToken.AbsoluteUri,
                ["iat"] = now,
                ["exp"] = now + (long)Lifetime.TotalSeconds,
            };
            string content = $"{Base64Url.EncodeToString(header.ToUtf8())}.{Base64Url.EncodeToString(claims.ToUtf8())}";
            byte[] signature = rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{content}.{Base64Url.EncodeToString(signature)}";
        }
        catch (Exception failure) when (failure is JsonException or CryptographicException or ArgumentException)
        {
            throw new DnsException($"The Secret {secret} holds no JSON key of a Google service account: store the file as Google gave it.");
        }
    }

    private CloudCredentials Read(ProviderReply reply)
    {
        JsonElement json = reply.Json();
        TimeSpan lifetime = json.Number("expires_in") is > 0 and < 86_400 and var seconds ? TimeSpan.FromSeconds(seconds) : Lifetime;
        return json.Text("access_token") is { } token
            ? new CloudCredentials { Token = token, Expires = _services.Time.GetUtcNow() + lifetime }
            : throw reply.Failed("the answer holds none");
    }
}
