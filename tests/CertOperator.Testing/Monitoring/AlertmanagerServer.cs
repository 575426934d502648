using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Monitoring;

/// <summary>Prometheus' Alertmanager on loopback; it tells nobody, and is asked.</summary>
public sealed class AlertmanagerServer : IAsyncDisposable
{
    /// <summary>Debian's program reads its templates from /usr/share only, where nothing is installed: it gets a /usr/share of its own.</summary>
    private const string WithTemplates = "mount -t tmpfs none /usr/share && mkdir /usr/share/prometheus && cp -r \"$0\" /usr/share/prometheus/ && exec \"$@\"";

    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-alertmanager-").FullName;
    private readonly HttpClient _api = new();
    private ServerProcess? _process;

    private AlertmanagerServer()
    {
    }

    public Uri Address => _api.BaseAddress!;

    /// <exception cref="MissingPartException">Alertmanager is not on this machine.</exception>
    public static Task<AlertmanagerServer> StartAsync() => ServerStart.RetryAsync(async () =>
    {
        var server = new AlertmanagerServer();
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

    /// <summary>The labels of the active alerts with a name.</summary>
    public async Task<IReadOnlyList<JsonNode>> ActiveAsync(string alert)
    {
        var answer = await _api.GetFromJsonAsync<JsonArray>(new Uri("/api/v2/alerts?active=true", UriKind.Relative));
        return [.. answer!.Select(item => item!["labels"]!).Where(labels => (string?)labels["alertname"] == alert)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync()
    {
        var address = $"127.0.0.1:{FreePorts.Take(1)[0]}";
        _api.BaseAddress = new Uri($"http://{address}");
        var file = Path.Combine(_folder, "alertmanager.yaml");
        await File.WriteAllTextAsync(file, "{route: {receiver: nobody}, receivers: [{name: nobody}]}");
        _process = ServerProcess.Start(
            "unshare",
            [
                "--map-root-user", "--mount", "sh", "-c", WithTemplates, TestCache.AlertmanagerTemplates, TestCache.Alertmanager,
                $"--config.file={file}", $"--storage.path={Path.Combine(_folder, "data")}", $"--web.listen-address={address}", "--cluster.listen-address=",
            ],
            Path.Combine(_folder, "alertmanager.log"));
        await ServerStart.ReadyAsync(_process, "Alertmanager is ready", () => HttpStart.AnswersAsync(_api, "/-/ready"));
    }
}
