using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Monitoring;

/// <summary>
/// Prometheus on loopback: scrapes one target, as the chart's ServiceMonitor has it done, and judges one file of rules, each every few seconds.
/// </summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-prometheus-").FullName;
    private readonly HttpClient _api = new();
    private ServerProcess? _process;

    private PrometheusServer()
    {
    }

    /// <param name="target">Host and port whose <c>/metrics</c> is scraped.</param>
    /// <param name="rules">The file of rules.</param>
    /// <param name="alertmanager">Who is told.</param>
    /// <exception cref="MissingPartException">Prometheus is not on this machine.</exception>
    public static Task<PrometheusServer> StartAsync(Uri target, string rules, AlertmanagerServer alertmanager) => ServerStart.RetryAsync(async () =>
    {
        var server = new PrometheusServer();
        try
        {
            await server.StartProcessAsync($$"""
                global: {scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s}
                rule_files: ["{{rules}}"]
                alerting: {alertmanagers: [{static_configs: [{targets: ["{{alertmanager.Address.Authority}}"]}]}]}
                scrape_configs:
                - job_name: cert-operator
                  honor_labels: true
                  static_configs: [{targets: ["{{target.Authority}}"], labels: {namespace: cert-operator, pod: cert-operator-0} }]
                """);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    });

    /// <summary>The value of an expression that gives one sample; null if it gives none.</summary>
    public async Task<double?> QueryAsync(string expression)
    {
        var answer = await _api.GetFromJsonAsync<JsonNode>(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative));
        return answer!["data"]!["result"]!.AsArray() is [var sample, ..] ? double.Parse((string)sample!["value"]![1]!, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>How many series an expression gives.</summary>
    /// <exception cref="InvalidOperationException">It cannot be evaluated.</exception>
    public async Task<int> CountAsync(string expression)
    {
        using var response = await _api.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative));
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>();
        return (string?)answer!["status"] == "success"
            ? answer["data"]!["result"]!.AsArray().Count
            : throw new InvalidOperationException($"Prometheus does not evaluate {expression}: {answer["error"]}");
    }

    /// <summary>Names of the alerts that are pending or firing.</summary>
    public async Task<IReadOnlyList<string>> AlertsAsync()
    {
        var answer = await _api.GetFromJsonAsync<JsonNode>(new Uri("/api/v1/alerts", UriKind.Relative));
        return [.. answer!["data"]!["alerts"]!.AsArray().Select(alert => $"{alert!["labels"]!["alertname"]} {alert["labels"]!["name"]}")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync(string configuration)
    {
        var address = $"127.0.0.1:{FreePorts.Take(1)[0]}";
        _api.BaseAddress = new Uri($"http://{address}");
        var file = Path.Combine(_folder, "prometheus.yaml");
        await File.WriteAllTextAsync(file, configuration);
        _process = ServerProcess.Start(
            TestCache.Prometheus,
            [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", $"--web.listen-address={address}"],
            Path.Combine(_folder, "prometheus.log"));
        await ServerStart.ReadyAsync(_process, "Prometheus is ready", () => HttpStart.AnswersAsync(_api, "/-/ready"));
    }
}
