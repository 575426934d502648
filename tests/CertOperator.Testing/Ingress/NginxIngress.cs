using CertOperator.Testing.Cluster;

namespace CertOperator.Testing.Ingress;

/// <summary>
/// A test-only ingress controller: nginx on loopback serves the Ingresses of one namespace with the TLS Secrets they name.
/// A host whose Secret is missing or useless gets the self-signed default certificate, as from the usual controllers.
/// </summary>
public sealed class NginxIngress : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly ClusterClient _client;
    private readonly string _namespace;
    private readonly NginxServer _server;

    private NginxIngress(ClusterClient client, string @namespace, NginxServer server)
    {
        _client = client;
        _namespace = @namespace;
        _server = server;
    }

    public int HttpPort => _server.HttpPort;

    public int HttpsPort => _server.HttpsPort;

    /// <summary>Starts nginx with what the namespace holds now.</summary>
    /// <exception cref="MissingPartException">nginx is not on this machine.</exception>
    public static async Task<NginxIngress> StartAsync(TestCluster cluster, string @namespace)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                var ingress = new NginxIngress(cluster.Admin, @namespace, await NginxServer.StartAsync());
                await ingress.SyncAsync();
                return ingress;
            }
            catch (ServerEndedException) when (tried < Tries)
            {
                // Another process took one of the ports; the next try takes others.
            }
        }
    }

    /// <summary>Has nginx serve what the namespace holds now; when this returns no connection meets the former state.</summary>
    public async Task SyncAsync()
    {
        var ingresses = await _client.ListAsync($"/apis/networking.k8s.io/v1/namespaces/{_namespace}/ingresses");
        var secrets = await _client.ListAsync($"/api/v1/namespaces/{_namespace}/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls");
        await _server.ServeAsync(VirtualHost.From(ingresses, secrets));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
