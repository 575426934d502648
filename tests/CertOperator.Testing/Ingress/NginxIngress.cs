using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;

namespace CertOperator.Testing.Ingress;

/// <summary>
/// A test-only ingress controller: nginx on loopback serves the Ingresses of some namespaces with the TLS Secrets they name.
/// A host whose Secret is missing or useless gets the self-signed default certificate, and the rules of several Ingresses for
/// one host are joined, as by the usual controllers. Only Services of type ExternalName have something behind them.
/// </summary>
public sealed class NginxIngress : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly ClusterClient _client;
    private readonly string[] _namespaces;
    private readonly NginxServer _server;
    private readonly SemaphoreSlim _turn = new(1);

    private NginxIngress(ClusterClient client, string[] namespaces, NginxServer server)
    {
        _client = client;
        _namespaces = namespaces;
        _server = server;
    }

    public int HttpPort => _server.HttpPort;

    public int HttpsPort => _server.HttpsPort;

    /// <summary>Tells in the status of each Ingress where it is served, as the usual controllers do.</summary>
    public bool ReportsAddress { get; set; }

    /// <summary>The requests for a host that were answered so far, as client, path and status.</summary>
    public IReadOnlyList<(string Client, string Path, string Status)> RequestsFor(string host) =>
        [.. _server.ReadRequests().Select(line => line.Split('|')).Where(parts => parts[1] == host).Select(parts => (parts[0], parts[2], parts[3]))];

    /// <summary>Starts nginx with what the namespaces hold now.</summary>
    /// <exception cref="MissingPartException">nginx is not on this machine.</exception>
    public static async Task<NginxIngress> StartAsync(TestCluster cluster, params string[] namespaces)
    {
        var ingress = new NginxIngress(cluster.Admin, namespaces, await StartServerAsync());
        try
        {
            await ingress.SyncAsync();
            return ingress;
        }
        catch
        {
            await ingress.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has nginx serve what the namespaces hold now; when this returns no connection meets the former state.</summary>
    public async Task SyncAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var ingresses = await ListAsync(ns => $"/apis/networking.k8s.io/v1/namespaces/{ns}/ingresses");
            var secrets = await ListAsync(ns => $"/api/v1/namespaces/{ns}/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls");
            var services = await ListAsync(ns => $"/api/v1/namespaces/{ns}/services");
            await _server.ServeAsync(VirtualHost.From(ingresses, secrets, services));
            if (ReportsAddress) await Task.WhenAll(ingresses.Select(ReportAsync));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _turn.Dispose();
    }

    private Task ReportAsync(JsonNode ingress)
    {
        var address = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" });
        return JsonNode.DeepEquals(ingress["status"]?["loadBalancer"]?["ingress"], address)
            ? Task.CompletedTask
            : _client.PatchAsync(
                $"/apis/networking.k8s.io/v1/namespaces/{ingress["metadata"]!["namespace"]}/ingresses/{ingress["metadata"]!["name"]}/status",
                new JsonObject { ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = address } } });
    }

    private async Task<IReadOnlyList<JsonNode>> ListAsync(Func<string, string> path)
        => [.. (await Task.WhenAll(_namespaces.Select(ns => _client.ListAsync(path(ns))))).SelectMany(items => items)];

    private static async Task<NginxServer> StartServerAsync()
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await NginxServer.StartAsync();
            }
            catch (ServerEndedException) when (tried < Tries)
            {
                // Another process took one of the ports; the next try takes others.
            }
        }
    }
}
