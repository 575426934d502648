using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Testing;
using CertOperator.Testing.Acme;

namespace CertOperator.Benchmarks.Acme;

/// <summary>
/// The least that a certificate costs: the necessary requests, the nonce of each reply in the next request, no checks, and looks without
/// a wait between them. Not for anything but this comparison.
/// </summary>
internal sealed class FloorClient : IDisposable
{
    private static readonly MediaTypeHeaderValue JoseJson = new("application/jose+json");

    private readonly HttpClient _http;
    private readonly LocalAccountKey _key = LocalAccountKey.Generate();
    private readonly ECDsa _signer = ECDsa.Create();
    private readonly ChallengePort _challenges;
    private string _newOrder = "";
    private string _account = "";
    private string _nonce = "";

    private FloorClient(PebbleServer server, ChallengePort challenges)
    {
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust.Only(server.TrustPem) } });
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("floor");
        _signer.ImportFromPem(_key.ToPem());
        _challenges = challenges;
    }

    /// <summary>Its account is of the library's making; nothing else is.</summary>
    public static async Task<FloorClient> OpenAsync(PebbleServer server, ChallengePort challenges)
    {
        var client = new FloorClient(server, challenges);
        using var library = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });
        client._account = (await library.Accounts.RegisterAsync(client._key, new Registration { AgreesToTerms = true })).Account.Url.OriginalString;
        var directory = JsonNode.Parse(await client._http.GetStringAsync(server.DirectoryUrl))!;
        client._newOrder = (string)directory["newOrder"]!;
        using var reply = await client._http.GetAsync(new Uri((string)directory["newNonce"]!));
        client.Keep(reply);
        return client;
    }

    /// <param name="name">The DNS name.</param>
    /// <param name="request">PKCS#10 in DER.</param>
    public async Task<string> IssueAsync(string name, byte[] request)
    {
        var (body, order) = await PostAsync(_newOrder, $$"""{"identifiers":[{"type":"dns","value":"{{name}}"}]}""");
        var made = JsonNode.Parse(body)!;
        var authorization = (string)made["authorizations"]![0]!;
        var offered = JsonNode.Parse((await PostAsync(authorization, "")).Body)!["challenges"]!.AsArray();
        var challenge = offered.First(item => (string?)item!["type"] == "http-01")!;
        var answer = Http01.Of((string)challenge["token"]!, _key.Thumbprint);
        _challenges.Add(answer);
        await PostAsync((string)challenge["url"]!, "{}");
        await ValidAsync(authorization);
        _challenges.Remove(answer);
        await PostAsync((string)made["finalize"]!, $$"""{"csr":"{{Base64Url.EncodeToString(request)}}"}""");
        return (await PostAsync((string)(await ValidAsync(order!))["certificate"]!, "")).Body;
    }

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
        _signer.Dispose();
    }

    private async Task<JsonNode> ValidAsync(string resource)
    {
        while (true)
        {
            var seen = JsonNode.Parse((await PostAsync(resource, "")).Body)!;
            switch ((string?)seen["status"])
            {
                case "valid":
                    return seen;
                case "invalid":
                    throw new InvalidOperationException($"{resource}: {seen.ToJsonString()}");
            }
        }
    }

    private async Task<(string Body, string? Location)> PostAsync(string url, string payload)
    {
        var header = Encode($$"""{"alg":"ES256","nonce":"{{_nonce}}","url":"{{url}}","kid":"{{_account}}"}""");
        var content = Encode(payload);
        var signature = Base64Url.EncodeToString(_signer.SignData(Encoding.ASCII.GetBytes($"{header}.{content}"), HashAlgorithmName.SHA256));
        using var request = new StringContent($$"""{"protected":"{{header}}","payload":"{{content}}","signature":"{{signature}}"}""", JoseJson);
        using var reply = await _http.PostAsync(new Uri(url), request);
        Keep(reply);
        var body = await reply.Content.ReadAsStringAsync();
        return reply.IsSuccessStatusCode ? (body, reply.Headers.Location?.OriginalString) : throw new InvalidOperationException($"{url}: {body}");
    }

    private void Keep(HttpResponseMessage reply) => _nonce = reply.Headers.GetValues("Replay-Nonce").Single();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
