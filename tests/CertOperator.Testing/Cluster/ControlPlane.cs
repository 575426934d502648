using System.Net;
using System.Security.Cryptography;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>The servers of a <see cref="TestCluster"/> and the folder that they work in.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    // Requests of service accounts only: the operator's, and not those of the test or of kube-controller-manager.
    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          userGroups: ["system:serviceaccounts"]
        - level: None
        """;

    private readonly List<ServerProcess> _servers = [];

    private ControlPlane(string folder, string adminToken, Uri address)
    {
        Folder = folder;
        AdminToken = adminToken;
        Address = address;
    }

    public string Folder { get; }

    public string AdminToken { get; }

    public Uri Address { get; }

    public string AuditLogPath => Path.Combine(Folder, "audit.log");

    /// <summary>PEM: the API server writes its self-signed authority after its own certificate.</summary>
    public string Authorities => File.ReadAllText(Path.Combine(Folder, "apiserver", "apiserver.crt"));

    /// <summary>Starts the servers and waits until the API server is ready; again when another process took a port.</summary>
    public static async Task<ControlPlane> StartAsync()
    {
        for (var tried = 1; ; tried++)
        {
            var ports = FreePorts.Take(3);
            var controlPlane = new ControlPlane(
                Directory.CreateTempSubdirectory("cert-operator-cluster-").FullName,
                RandomNumberGenerator.GetHexString(32, lowercase: true),
                new Uri($"https://127.0.0.1:{ports[2]}"));
            try
            {
                await controlPlane.StartServersAsync(ports[0], ports[1]);
                return controlPlane;
            }
            catch (ServerEndedException) when (tried < Tries)
            {
                await controlPlane.DisposeAsync();
            }
            catch
            {
                await controlPlane.DisposeAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task StartServersAsync(int etcdPort, int etcdPeerPort)
    {
        WriteFiles();
        Start(TestCache.Etcd, ControlPlaneArguments.Etcd(Folder, etcdPort, etcdPeerPort));
        Start(TestCache.KubeApiServer, ControlPlaneArguments.ApiServer(Folder, etcdPort, Address.Port));
        await Eventually.HoldsAsync("kube-apiserver is ready", IsReadyAsync, StartTimeout);
        Kubeconfig.Write(ControlPlaneArguments.KubeconfigPath(Folder), Address, Authorities, AdminToken);
        Start(TestCache.KubeControllerManager, ControlPlaneArguments.ControllerManager(Folder));
    }

    private void WriteFiles()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(Path.Combine(Folder, "sa.key"), key.ExportRSAPrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, "sa.pub"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(Path.Combine(Folder, "tokens.csv"), $"{AdminToken},admin,admin,\"system:masters\"\n");
        File.WriteAllText(Path.Combine(Folder, "audit-policy.yaml"), AuditPolicy);
    }

    private void Start(string program, IEnumerable<string> arguments) =>
        _servers.Add(ServerProcess.Start(program, arguments, Path.Combine(Folder, Path.GetFileName(program) + ".log")));

    private async Task<bool> IsReadyAsync()
    {
        if (_servers.Find(s => s.HasExited) is { } ended)
        {
            throw new ServerEndedException(ended);
        }

        // Its certificate is made at the start, so there is nothing yet to check it against.
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var client = new HttpClient(handler) { BaseAddress = Address };
        try
        {
            using var response = await client.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
