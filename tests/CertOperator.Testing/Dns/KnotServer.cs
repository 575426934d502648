using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Dns;

/// <summary>
/// Knot DNS, authoritative for some zones, on loopback: takes RFC 2136 updates that one of its TSIG keys has signed. UDP and TCP.
/// </summary>
public sealed class KnotServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-knot-").FullName;
    private readonly IReadOnlyList<DnsZone> _zones;
    private ServerProcess? _process;

    private KnotServer(IReadOnlyList<DnsZone> zones)
    {
        _zones = zones;
        Endpoint = new IPEndPoint(IPAddress.Loopback, FreePorts.Take(1)[0]);
    }

    /// <summary>Where it answers and takes updates.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>May update every zone.</summary>
    public TsigKey Sha256Key { get; } = NewKey("update-sha256", "hmac-sha256", 32);

    /// <summary>May update every zone.</summary>
    public TsigKey Sha512Key { get; } = NewKey("update-sha512", "hmac-sha512", 64);

    /// <summary>For programs of the same package, as a value of LD_LIBRARY_PATH.</summary>
    public static string Libraries => TestCache.Libraries("knot");

    /// <exception cref="MissingPartException">Knot is not on this machine.</exception>
    public static Task<KnotServer> StartAsync(params DnsZone[] zones) => ServerStart.RetryAsync(async () =>
    {
        var server = new KnotServer(zones);
        try
        {
            await server.StartProcessAsync();
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
        Directory.Delete(_folder, recursive: true);
    }

    private static TsigKey NewKey(string name, string algorithm, int size) =>
        new(name, algorithm, Convert.ToBase64String(RandomNumberGenerator.GetBytes(size)));

    private async Task StartProcessAsync()
    {
        foreach (var zone in _zones)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, zone.Name + ".zone"), zone.ToMasterFile());
        }

        var file = Path.Combine(_folder, "knot.conf");
        await File.WriteAllTextAsync(file, Configuration());
        _process = ServerProcess.Start(
            TestCache.Knot, ["-c", file], Path.Combine(_folder, "knot.log"), new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = Libraries });
        await ServerStart.ReadyAsync(_process, "Knot answers", async () =>
        {
            var answers = await Task.WhenAll(_zones.Select(zone => DnsQuery.FindAsync(Endpoint, zone.Name)));
            return answers.All(answer => answer?.Code == 0);
        });
    }

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        server:
          rundir: {_folder}
          listen: 127.0.0.1@{Endpoint.Port}
          udp-workers: 1
          tcp-workers: 1
          background-workers: 1
        log:
        - target: stderr
          any: info
        database:
          storage: {_folder}
          journal-db-max-size: 16M
          timer-db-max-size: 16M
        key:
        {Key(Sha256Key)}
        {Key(Sha512Key)}
        acl:
        - id: update
          key: [{Sha256Key.Name}, {Sha512Key.Name}]
          action: update
        template:
        - id: default
          storage: {_folder}
          file: "%s.zone"
          zonefile-sync: -1
          acl: update
        zone:
        {string.Join('\n', _zones.Select(zone => $"- domain: {zone.Name}"))}

        """);

    private static string Key(TsigKey key) => $"- id: {key.Name}\n  algorithm: {key.Algorithm}\n  secret: {key.Secret}";
}
