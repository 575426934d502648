using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Dns;

/// <summary>PowerDNS, authoritative for some zones, on loopback, with its HTTP API; nothing is cached.</summary>
public sealed class PowerDnsServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-powerdns-").FullName;
    private readonly HttpClient _api;
    private ServerProcess? _process;

    private PowerDnsServer()
    {
        var ports = FreePorts.Take(2);
        Endpoint = new IPEndPoint(IPAddress.Loopback, ports[0]);
        ApiUrl = new Uri($"http://127.0.0.1:{ports[1]}");
        _api = new HttpClient { BaseAddress = ApiUrl };
        _api.DefaultRequestHeaders.Add("X-API-Key", ApiKey);
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Where its API begins: <c>/api/v1/servers/localhost</c> is below.</summary>
    public Uri ApiUrl { get; }

    /// <summary>The value of the header X-API-Key.</summary>
    public string ApiKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <exception cref="MissingPartException">PowerDNS is not on this machine.</exception>
    public static Task<PowerDnsServer> StartAsync(params string[] zones) => ServerStart.RetryAsync(async () =>
    {
        var server = new PowerDnsServer();
        try
        {
            await server.StartProcessAsync();
            foreach (var zone in zones)
            {
                await server.CreateAsync(zone);
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    });

    /// <summary>The TXT values of a name.</summary>
    public Task<IReadOnlyList<string>> TextsAsync(string name) => DnsQuery.TextsAsync(Endpoint, name);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync()
    {
        _process = ServerProcess.Start(
            TestCache.PowerDns,
            Arguments(),
            Path.Combine(_folder, "powerdns.log"),
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = TestCache.Libraries("powerdns") });
        await ServerStart.ReadyAsync(_process, "PowerDNS answers", AnswersAsync);
    }

    private string[] Arguments() =>
    [
        "--no-config",
        $"--config-dir={_folder}",
        $"--socket-dir={_folder}",
        $"--module-dir={TestCache.PowerDnsModules}",
        "--launch=lmdb",
        $"--lmdb-filename={Path.Combine(_folder, "zones.lmdb")}",
        "--lmdb-shards=1",
        "--lmdb-sync-mode=nosync",
        "--local-address=127.0.0.1",
        $"--local-port={Endpoint.Port.ToString(CultureInfo.InvariantCulture)}",
        "--webserver=yes",
        "--webserver-address=127.0.0.1",
        $"--webserver-port={ApiUrl.Port.ToString(CultureInfo.InvariantCulture)}",
        "--api=yes",
        $"--api-key={ApiKey}",
        "--cache-ttl=0",
        "--query-cache-ttl=0",
        "--negquery-cache-ttl=0",
        "--zone-cache-refresh-interval=0",
        "--write-pid=no",
        "--daemon=no",
        "--guardian=no",
        "--disable-syslog=yes",
    ];

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await _api.GetAsync(new Uri("/api/v1/servers/localhost", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK && await DnsQuery.FindAsync(Endpoint, "ready.example") is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task CreateAsync(string zone)
    {
        var body = new JsonObject { ["name"] = $"{zone}.", ["kind"] = "Native", ["nameservers"] = new JsonArray($"ns.{zone}.") };
        using var response = await _api.PostAsJsonAsync(new Uri("/api/v1/servers/localhost/zones", UriKind.Relative), body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"PowerDNS refused the zone {zone} with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
