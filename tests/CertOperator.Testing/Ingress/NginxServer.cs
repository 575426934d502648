using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Ingress;

/// <summary>An nginx process with a folder and ports of its own.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private const string DefaultFiles = "default";

    // A master that is killed leaves its workers behind, on the ports.
    private const string OrderlyEnd = "TERM";

    private static readonly Dictionary<string, string> Environment = new() { ["LD_LIBRARY_PATH"] = TestCache.Libraries("nginx") };

    private readonly string _folder;
    private ServerProcess? _process;

    private NginxServer(string folder, int httpPort, int httpsPort)
    {
        _folder = folder;
        HttpPort = httpPort;
        HttpsPort = httpsPort;
    }

    public int HttpPort { get; }

    public int HttpsPort { get; }

    private string[] Arguments => ["-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-e", "stderr"];

    /// <exception cref="ServerEndedException">nginx did not start, for instance because a port was taken since.</exception>
    public static async Task<NginxServer> StartAsync()
    {
        var ports = FreePorts.Take(2);
        var server = new NginxServer(Directory.CreateTempSubdirectory("cert-operator-nginx-").FullName, ports[0], ports[1]);
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
    }

    /// <summary>Every request that was answered: client, host, path and status, with bars between them.</summary>
    public string[] ReadRequests() => Path.Combine(_folder, "access.log") is var log && File.Exists(log) ? File.ReadAllLines(log) : [];

    /// <summary>Serves these hosts and no others; returns when no worker with the former configuration is left.</summary>
    public async Task ServeAsync(IReadOnlyList<VirtualHost> hosts)
    {
        Write(hosts);
        var check = await Command.RunAsync(TestCache.Nginx, ["-t", "-q", .. Arguments], environment: Environment);
        check.OrThrow();
        var former = Workers();
        _process!.Reload();
        await Eventually.HoldsAsync(
            "nginx has taken its new configuration",
            () => Task.FromResult(Workers() is { Length: > 0 } workers && !workers.Intersect(former).Any()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync();
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync()
    {
        await MakeDefaultCertificateAsync();
        Write([]);
        _process = ServerProcess.Start(TestCache.Nginx, Arguments, Path.Combine(_folder, "nginx.log"), Environment, OrderlyEnd);
        await Eventually.HoldsAsync("nginx has started", () => _process.HasExited
            ? throw new ServerEndedException(_process)
            : Task.FromResult(Workers().Length > 0));
    }

    private async Task MakeDefaultCertificateAsync()
    {
        var made = await Command.RunAsync("openssl",
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=Default certificate of the test ingress", "-days", "2",
            "-keyout", Path.Combine(_folder, DefaultFiles + ".key"), "-out", Path.Combine(_folder, DefaultFiles + ".crt"),
        ]);
        made.OrThrow();
    }

    private void Write(IReadOnlyList<VirtualHost> hosts)
    {
        var servers = hosts.Select((host, index) =>
            NginxConfiguration.Server(HttpPort, HttpsPort, host, WritePair(host, $"host-{index}")));
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), NginxConfiguration.Main(HttpPort, HttpsPort, servers));
    }

    private string WritePair(VirtualHost host, string files)
    {
        if (host.CertificatePem is null || host.KeyPem is null)
        {
            return DefaultFiles;
        }

        File.WriteAllText(Path.Combine(_folder, files + ".crt"), host.CertificatePem);
        File.WriteAllText(Path.Combine(_folder, files + ".key"), host.KeyPem);
        return files;
    }

    private string[] Workers() =>
        File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
