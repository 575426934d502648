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

    private ControlPlane(ClusterVersion version, string folder, string adminToken, Uri address, Uri apiExtensionsAddress)
    {
        Version = version;
        Folder = folder;
        AdminToken = adminToken;
        Address = address;
        ApiExtensionsAddress = apiExtensionsAddress;
    }

    public ClusterVersion Version { get; }

    /// <summary>Where the apiextensions-apiserver listens, if it is current.</summary>
    public Uri ApiExtensionsAddress { get; }

    /// <summary>As <see cref="Authorities"/>, of the apiextensions-apiserver.</summary>
    public string ApiExtensionsAuthorities => File.ReadAllText(Path.Combine(Folder, "apiextensions", "apiserver.crt"));

    public string Folder { get; }

    public string AdminToken { get; }

    public Uri Address { get; }

    public string AuditLogPath => Path.Combine(Folder, "audit.log");

    /// <summary>PEM: the API server writes its self-signed authority after its own certificate.</summary>
    public string Authorities => File.ReadAllText(Path.Combine(Folder, "apiserver", "apiserver.crt"));

    /// <summary>Starts the servers and waits until the API servers are ready; again when another process took a port.</summary>
    public static async Task<ControlPlane> StartAsync(ClusterVersion version)
    {
        for (var tried = 1; ; tried++)
        {
            var ports = FreePorts.Take(4);
            var controlPlane = new ControlPlane(
                version,
                Directory.CreateTempSubdirectory("cert-operator-cluster-").FullName,
                RandomNumberGenerator.GetHexString(32, lowercase: true),
                new Uri($"https://127.0.0.1:{ports[2]}"),
                new Uri($"https://127.0.0.1:{ports[3]}"));
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
        Start(Version is ClusterVersion.Current ? TestCache.CurrentEtcd : TestCache.Etcd, ControlPlaneArguments.Etcd(Folder, etcdPort, etcdPeerPort));
        Start(TestCache.KubeApiServer, ControlPlaneArguments.ApiServer(Folder, etcdPort, Address.Port, Version));
        await Eventually.HoldsAsync("kube-apiserver is ready", () => IsReadyAsync(Address), StartTimeout);
        Kubeconfig.Write(ControlPlaneArguments.KubeconfigPath(Folder), Address, Authorities, AdminToken);
        if (Version is ClusterVersion.Current)
        {
            Start(TestCache.ApiExtensionsServer, ControlPlaneArguments.ApiExtensions(Folder, etcdPort, ApiExtensionsAddress.Port));
            await Eventually.HoldsAsync("apiextensions-apiserver is ready", () => IsReadyAsync(ApiExtensionsAddress), StartTimeout);
        }

        Start(TestCache.KubeControllerManager, ControlPlaneArguments.ControllerManager(Folder));
    }

    private void WriteFiles()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(Path.Combine(Folder, "sa.key"), key.ExportRSAPrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, "sa.pub"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(Path.Combine(Folder, "tokens.csv"), $"{AdminToken},admin,admin,\"system:masters\"\n");
        File.WriteAllText(Path.Combine(Folder, "audit-policy.yaml"), AuditPolicy);
        FrontProxy.Write(Folder);
    }

    private void Start(string program, IEnumerable<string> arguments) =>
        _servers.Add(ServerProcess.Start(program, arguments, Path.Combine(Folder, Path.GetFileName(program) + ".log")));

    private async Task<bool> IsReadyAsync(Uri server)
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
        using var client = new HttpClient(handler) { BaseAddress = server };
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
