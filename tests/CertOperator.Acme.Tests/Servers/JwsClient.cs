using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Processes;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>
/// The least that an ACME server understands, written by hand from RFC 8555, so that the servers of the tests can be tried
/// without the library that they are to try.
/// </summary>
internal sealed class JwsClient : IDisposable
{
    private const int Tries = 20;

    private readonly HttpClient _http;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string? _nonce;

    private JwsClient(X509Certificate2 trust)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trust);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        });
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("jws-client/1.0");
    }

    public JsonObject Directory { get; private set; } = [];

    /// <summary>The account's URL; null: requests carry the public key.</summary>
    public Uri? Account { get; set; }

    public ECDsa Key => _key;

    public HttpClient Http => _http;

    public static async Task<JwsClient> OpenAsync(Uri directory, X509Certificate2 trust)
    {
        var client = new JwsClient(trust);
        client.Directory = JsonNode.Parse(await client._http.GetStringAsync(directory))!.AsObject();
        return client;
    }

    public Uri Resource(string name) => new((string)Directory[name]!);

    /// <summary>Makes the account, and uses it from then on.</summary>
    public async Task<JwsReply> RegisterAsync(JsonObject? payload = null)
    {
        var reply = await PostAsync(Resource("newAccount"), payload ?? new() { ["termsOfServiceAgreed"] = true });
        if (reply.Status is 200 or 201) Account = reply.Location;
        return reply;
    }

    public Task<JwsReply> OrderAsync(params string[] names) =>
        PostAsync(Resource("newOrder"), new() { ["identifiers"] = new JsonArray([.. names.Select(Identifier)]) });

    /// <summary>POST, or POST-as-GET without a payload; refused nonces are tried again.</summary>
    public async Task<JwsReply> PostAsync(Uri url, JsonObject? payload = null)
    {
        for (var tried = 1; ; tried++)
        {
            _nonce ??= await NonceAsync();
            var reply = await SendAsync(url, Sign(url, _nonce, payload?.ToJsonString() ?? ""));
            if (reply.Problem != "badNonce" || tried == Tries) return reply;
        }
    }

    public async Task<string> NonceAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Resource("newNonce"));
        using var response = await _http.SendAsync(request);
        return response.Headers.GetValues("Replay-Nonce").Single();
    }

    /// <summary>Sends a body that may be no JWS at all.</summary>
    public async Task<JwsReply> SendAsync(Uri url, string body, string contentType = "application/jose+json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var response = await _http.SendAsync(request);
        _nonce = response.Headers.TryGetValues("Replay-Nonce", out var nonces) ? nonces.First() : null;
        var text = await response.Content.ReadAsStringAsync();
        return new JwsReply((int)response.StatusCode, text, response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>A JWS of the account, or of the key when there is no account yet.</summary>
    public string Sign(Uri url, string nonce, string payload)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["nonce"] = nonce, ["url"] = url.OriginalString };
        if (Account is null) header["jwk"] = Jwk(_key);
        else header["kid"] = Account.OriginalString;
        return Flatten(header, payload, input => _key.SignData(input, HashAlgorithmName.SHA256)).ToJsonString();
    }

    /// <summary>The flattened serialisation (RFC 7515 section 7.2.2).</summary>
    public static JsonObject Flatten(JsonObject header, string payload, Func<byte[], byte[]> sign)
    {
        var head = Encode(header.ToJsonString());
        var body = Encode(payload);
        return new JsonObject
        {
            ["protected"] = head,
            ["payload"] = body,
            ["signature"] = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{head}.{body}"))),
        };
    }

    public static JsonObject Jwk(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["crv"] = "P-256",
            ["kty"] = "EC",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    /// <summary>The payload that asks for another key (RFC 8555 section 7.3.5).</summary>
    public JsonObject KeyChange(ECDsa successor)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["jwk"] = Jwk(successor), ["url"] = Resource("keyChange").OriginalString };
        var payload = new JsonObject { ["account"] = Account!.OriginalString, ["oldKey"] = Jwk(_key) };
        return Flatten(header, payload.ToJsonString(), input => successor.SignData(input, HashAlgorithmName.SHA256));
    }

    /// <summary>The payload of a new account bound to an external one (RFC 8555 section 7.3.4).</summary>
    public JsonObject BoundAccount(string keyId, byte[] macKey)
    {
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = keyId, ["url"] = Resource("newAccount").OriginalString };
        return new JsonObject
        {
            ["termsOfServiceAgreed"] = true,
            ["externalAccountBinding"] = Flatten(header, Jwk(_key).ToJsonString(), input => HMACSHA256.HashData(macKey, input)),
        };
    }

    /// <summary>RFC 8555 section 8.1.</summary>
    public string KeyAuthorization(string token) =>
        $"{token}.{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Jwk(_key).ToJsonString())))}";

    /// <summary>Asks for an object until its status is one of these.</summary>
    public async Task<JwsReply> PollAsync(Uri url, params string[] statuses)
    {
        JwsReply? last = null;
        await Eventually.HoldsAsync($"{url} is {string.Join(" or ", statuses)}", async () =>
        {
            last = await PostAsync(url);
            return statuses.Contains((string?)last.Body["status"]);
        });
        return last!;
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }

    private static JsonObject Identifier(string name) => new() { ["type"] = "dns", ["value"] = name };
}
