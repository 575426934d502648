using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>
/// A real kube-apiserver with etcd and kube-controller-manager, on loopback, in a temporary folder. RBAC is on.
/// Ends the servers and removes the folder when disposed.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly ControlPlane _controlPlane;

    private readonly ApiExtensions? _extensions;

    private TestCluster(ControlPlane controlPlane)
    {
        _controlPlane = controlPlane;
        AdminKubeconfig = WriteKubeconfig("admin", controlPlane.AdminToken);
        Admin = new ClusterClient(Address, Authorities, controlPlane.AdminToken);
        AuditLog = new AuditLog(controlPlane.AuditLogPath);
        _extensions = Version is ClusterVersion.Current ? new ApiExtensions(Admin, controlPlane.ApiExtensionsAddress.Port) : null;
    }

    public ClusterVersion Version => _controlPlane.Version;

    /// <summary>The URL of the API server.</summary>
    public Uri Address => _controlPlane.Address;

    /// <summary>PEM of the certificates that the API server is trusted by.</summary>
    public string Authorities => _controlPlane.Authorities;

    /// <summary>A folder for this cluster's files; it goes with the cluster.</summary>
    public string Folder => _controlPlane.Folder;

    /// <summary>Path of the kubeconfig of a cluster administrator.</summary>
    public string AdminKubeconfig { get; }

    /// <summary>The REST API, as a cluster administrator.</summary>
    public ClusterClient Admin { get; }

    /// <summary>Every request of a service account.</summary>
    public AuditLog AuditLog { get; }

    /// <summary>The oldest cluster that the operator runs on.</summary>
    /// <exception cref="MissingPartException">The servers are not on this machine.</exception>
    public static Task<TestCluster> StartAsync() => StartAsync(ClusterVersion.Oldest);

    /// <exception cref="MissingPartException">The servers are not on this machine.</exception>
    public static async Task<TestCluster> StartAsync(ClusterVersion version)
    {
        var cluster = new TestCluster(await ControlPlane.StartAsync(version));
        try
        {
            await (cluster._extensions?.StartAsync() ?? Task.CompletedTask);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a namespace with a name of its own and returns the name.</summary>
    public async Task<string> CreateNamespaceAsync(string prefix = "test")
    {
        var name = $"{prefix}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await EnsureNamespaceAsync(name);
        return name;
    }

    /// <summary>
    /// A client with a real token of a service account. The account, and its namespace, are made when they do not exist;
    /// it may do nothing until RBAC grants it something.
    /// </summary>
    public async Task<ClusterClient> ServiceAccountAsync(string @namespace, string name) =>
        new(Address, Authorities, await TokenAsync(@namespace, name));

    /// <summary>A real token of a service account; see <see cref="ServiceAccountAsync"/>.</summary>
    public async Task<string> TokenAsync(string @namespace, string name)
    {
        await EnsureNamespaceAsync(@namespace);
        var accounts = $"/api/v1/namespaces/{@namespace}/serviceaccounts";
        await Admin.CreateIfMissingAsync(accounts, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        var review = await Admin.CreateAsync($"{accounts}/{name}/token", new JsonObject
        {
            ["spec"] = new JsonObject { ["expirationSeconds"] = 86_400 },
        });
        return review["status"]!["token"]!.GetValue<string>();
    }

    /// <summary>
    /// Path of a kubeconfig with a real token of a service account, see <see cref="ServiceAccountAsync"/>; for the API server
    /// or for a proxy before it.
    /// </summary>
    public async Task<string> ServiceAccountKubeconfigAsync(string @namespace, string name, ApiProxy? proxy = null)
    {
        var token = await TokenAsync(@namespace, name);
        return proxy is null
            ? WriteKubeconfig($"{@namespace}-{name}", token)
            : WriteKubeconfig($"{@namespace}-{name}-{proxy.Address.Port}", token, proxy.Address, proxy.Authorities);
    }

    /// <summary>Runs kubectl as a cluster administrator, with <paramref name="input"/> for <c>-f -</c>.</summary>
    public Task<CommandResult> KubectlAsync(IEnumerable<string> arguments, string input = "") =>
        RunAsync(TestCache.Kubectl, arguments, input);

    /// <summary>Runs helm as a cluster administrator.</summary>
    public Task<CommandResult> HelmAsync(IEnumerable<string> arguments) => RunAsync(TestCache.Helm, arguments, "");

    /// <summary>Applies a file of CustomResourceDefinitions, and returns when what they define is served.</summary>
    public async Task DefineAsync(string file)
    {
        // kubectl learns from kube-apiserver 1.20, which is older than the rules in them, what they may hold. It drops these rules
        // itself, but not from what is applied server-side.
        string[] serverSide = Version is ClusterVersion.Current ? ["--server-side"] : [];
        (await KubectlAsync(["apply", "--validate=false", .. serverSide, "-f", file])).OrThrow();
        await ServeDefinedAsync();
    }

    /// <summary>The version of the server that judges CustomResourceDefinitions.</summary>
    public async Task<string> DefinitionsVersionAsync()
    {
        using ClusterClient? current = Version is ClusterVersion.Current
            ? new ClusterClient(_controlPlane.ApiExtensionsAddress, _controlPlane.ApiExtensionsAuthorities, _controlPlane.AdminToken)
            : null;
        return (string)(await (current ?? Admin).GetAsync("/version"))["gitVersion"]!;
    }

    /// <summary>Returns when what the CustomResourceDefinitions define is served.</summary>
    public async Task ServeDefinedAsync()
    {
        (await KubectlAsync(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])).OrThrow();
        await (_extensions?.ServeDefinedAsync() ?? Task.CompletedTask);
    }

    /// <summary>Applies manifests with kubectl, server-side; throws with kubectl's message when one is refused.</summary>
    public async Task ApplyAsync(string yaml, string? @namespace = null)
    {
        string[] target = @namespace is null ? [] : ["-n", @namespace];
        var applied = await KubectlAsync(["apply", "--server-side", "-f", "-", .. target], yaml);
        applied.OrThrow();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _controlPlane.DisposeAsync();
    }

    private Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string input) =>
        Command.RunAsync(program, arguments, input, new Dictionary<string, string>
        {
            ["KUBECONFIG"] = AdminKubeconfig,
            ["KUBECACHEDIR"] = Path.Combine(Folder, "kubectl"),
            ["HELM_CACHE_HOME"] = Path.Combine(Folder, "helm"),
        });

    private Task EnsureNamespaceAsync(string name) => Admin.CreateIfMissingAsync(
        "/api/v1/namespaces",
        new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });

    private string WriteKubeconfig(string user, string token) => WriteKubeconfig(user, token, Address, Authorities);

    private string WriteKubeconfig(string user, string token, Uri address, string authorities)
    {
        var path = Path.Combine(Folder, $"{user}.kubeconfig");
        Kubeconfig.Write(path, address, authorities, token);
        return path;
    }
}
