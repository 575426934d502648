using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Acme;

/// <summary>
/// pebble-challtestsrv: the DNS server that Pebble asks, and answers to HTTP-01 and TLS-ALPN-01, all set by the test. Every name
/// has the address 127.0.0.1 until told otherwise.
/// </summary>
public sealed class ChallengeTestServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServerProcess _process;
    private readonly HttpClient _management;

    private ChallengeTestServer(string folder, int[] ports)
    {
        _folder = folder;
        _management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}") };
        Dns = new IPEndPoint(IPAddress.Loopback, ports[1]);
        HttpPort = ports[2];
        TlsPort = ports[3];
        _process = ServerProcess.Start(
            TestCache.ChallengeTestServer, Arguments(_management.BaseAddress.Authority), Path.Combine(folder, "challtestsrv.log"));
    }

    /// <summary>The DNS server, UDP and TCP.</summary>
    public IPEndPoint Dns { get; }

    /// <summary>Where HTTP-01 is answered.</summary>
    public int HttpPort { get; }

    /// <summary>Where TLS-ALPN-01 is answered.</summary>
    public int TlsPort { get; }

    /// <exception cref="MissingPartException">The server is not on this machine.</exception>
    public static Task<ChallengeTestServer> StartAsync() => ServerStart.RetryAsync(StartOnceAsync);

    /// <summary>Adds a TXT value; the others of the name stay.</summary>
    public Task AddTextAsync(string name, string value) => PostAsync("set-txt", new() { ["host"] = Absolute(name), ["value"] = value });

    /// <summary>Removes all TXT values of a name.</summary>
    public Task ClearTextsAsync(string name) => PostAsync("clear-txt", new() { ["host"] = Absolute(name) });

    /// <summary>Has the name lead to another.</summary>
    public Task SetAliasAsync(string name, string target) =>
        PostAsync("set-cname", new() { ["host"] = Absolute(name), ["target"] = Absolute(target) });

    /// <summary>Gives the name these addresses instead of 127.0.0.1.</summary>
    public Task SetAddressesAsync(string name, params string[] addresses) =>
        PostAsync("add-a", new() { ["host"] = Absolute(name), ["addresses"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]) });

    /// <summary>Answers SERVFAIL to every question for the name.</summary>
    public Task FailAsync(string name) => PostAsync("set-servfail", new() { ["host"] = Absolute(name) });

    /// <summary>Answers again; see <see cref="FailAsync"/>.</summary>
    public Task HealAsync(string name) => PostAsync("clear-servfail", new() { ["host"] = Absolute(name) });

    /// <summary>Answers HTTP-01 (RFC 8555 section 8.3) for a token.</summary>
    public Task AddHttpAsync(string token, string keyAuthorization) =>
        PostAsync("add-http01", new() { ["token"] = token, ["content"] = keyAuthorization });

    public Task RemoveHttpAsync(string token) => PostAsync("del-http01", new() { ["token"] = token });

    /// <summary>Answers TLS-ALPN-01 (RFC 8737) for a name.</summary>
    public Task AddTlsAlpnAsync(string name, string keyAuthorization) =>
        PostAsync("add-tlsalpn01", new() { ["host"] = name, ["content"] = keyAuthorization });

    public Task RemoveTlsAlpnAsync(string name) => PostAsync("del-tlsalpn01", new() { ["host"] = name });

    /// <summary>The HTTP requests for a name that were answered, oldest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> HttpRequestsAsync(string name)
    {
        var history = JsonNode.Parse(await PostAsync("http-request-history", new() { ["host"] = name }));
        return [.. (history as JsonArray ?? []).Select(request => request!)];
    }

    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<ChallengeTestServer> StartOnceAsync()
    {
        var folder = Directory.CreateTempSubdirectory("cert-operator-challenges-").FullName;
        var server = new ChallengeTestServer(folder, FreePorts.Take(4));
        try
        {
            await ServerStart.ReadyAsync(server._process, "pebble-challtestsrv answers", server.AnswersAsync);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static string Absolute(string name) => name.TrimEnd('.') + '.';

    private string[] Arguments(string management) =>
    [
        "-management", management,
        "-dnsserver", Dns.ToString(),
        "-http01", $"127.0.0.1:{HttpPort}",
        "-tlsalpn01", $"127.0.0.1:{TlsPort}",
        "-https01", "",
        "-doh", "",
        "-defaultIPv4", "127.0.0.1",
        "-defaultIPv6", "",
    ];

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await _management.GetAsync(new Uri("/", UriKind.Relative));
        }
        catch (HttpRequestException)
        {
            return false;
        }

        return await DnsQuery.FindAsync(Dns, "ready.example") is not null;
    }

    private async Task<string> PostAsync(string endpoint, JsonObject body)
    {
        using var response = await _management.PostAsJsonAsync(new Uri(endpoint, UriKind.Relative), body);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"pebble-challtestsrv refused {endpoint} with {(int)response.StatusCode}: {text}");
    }
}
