using System.Text.Json.Nodes;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>
/// The operator as it is shipped, on a cluster: its CRDs, its RBAC and nothing beyond, and a ClusterIssuer named
/// <see cref="Issuer"/> that is ready to sign.
/// </summary>
public sealed class OperatorInstallation
{
    public const string Namespace = "cert-operator";
    public const string Issuer = "test-ca";

    private const string Account = "cert-operator";

    private const string Authority = $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: bootstrap, namespace: {{Namespace}} }
        spec: {selfSigned: {} }
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: {{Issuer}}, namespace: {{Namespace}} }
        spec: {secretName: {{Issuer}}, issuerRef: {name: bootstrap}, commonName: Test CA, isCA: true, duration: 87600h}
        ---
        apiVersion: certoperator.io/v1
        kind: ClusterIssuer
        metadata: {name: {{Issuer}} }
        spec: {ca: {secretName: {{Issuer}} } }
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "true"} }
        spec: {controller: k8s.io/ingress-nginx}
        """;

    private OperatorInstallation(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    /// <summary>The operator's account, as the audit log names it.</summary>
    public static string User => AuditLog.UserName(Namespace, Account);

    /// <summary>Installs everything, and runs the operator until the issuer is ready.</summary>
    public static async Task<OperatorInstallation> InstallAsync(TestCluster cluster)
    {
        await cluster.ApplyAsync($$"""{apiVersion: v1, kind: Namespace, metadata: {name: {{Namespace}} } }""");
        await cluster.DefineAsync(Path.Combine(Repository.Root, "config", "crd", "crds.yaml"));
        (await cluster.KubectlAsync(["apply", "-f", Path.Combine(Repository.Root, "config", "rbac", "rbac.yaml")])).OrThrow();
        var installation = new OperatorInstallation(cluster);
        await Eventually.HoldsAsync("the operator's RBAC is in force", installation.MayWorkAsync);
        await cluster.ApplyAsync(Authority);
        await using var first = await installation.StartAsync();
        await Eventually.HoldsAsync(
            $"the ClusterIssuer {Issuer} is ready",
            async () => IsReady(await cluster.Admin.GetAsync($"/apis/certoperator.io/v1/clusterissuers/{Issuer}")));
        await first.SettleAsync();
        await first.StopAsync();
        return installation;
    }

    /// <summary>Starts the published binary under its own account, and returns when it is ready.</summary>
    /// <param name="leaderElect">Whether it competes for the Lease.</param>
    /// <param name="proxy">What it takes for the API server; null for the API server itself.</param>
    /// <param name="acmePort">Where it answers HTTP-01 challenges, and the port that solver Ingresses send them to; 0 for any port.</param>
    /// <param name="acmeTlsPort">Where it answers TLS-ALPN-01 challenges; 0 for nowhere.</param>
    /// <param name="rollouts">Whether it restarts workloads.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="selfCheckPort">The port that its self-check of HTTP-01 asks.</param>
    /// <param name="more">More arguments.</param>
    public async Task<OperatorProcess> StartAsync(
        bool leaderElect = false,
        ApiProxy? proxy = null,
        int acmePort = 0,
        int acmeTlsPort = 0,
        bool rollouts = false,
        IReadOnlyDictionary<string, string>? environment = null,
        int selfCheckPort = 80,
        params string[] more)
    {
        var port = FreePorts.Take(1)[0];
        var kubeconfig = await Cluster.ServiceAccountKubeconfigAsync(Namespace, Account, proxy);
        string[] arguments =
        [
            "run", "--kubeconfig", kubeconfig, "--namespace", Namespace, "--listen", $"127.0.0.1:{port}", "--leader-elect", leaderElect ? "true" : "false",
            "--acme-listen", $"127.0.0.1:{acmePort}", "--allow-private-acme-servers",
            .. rollouts ? (string[])["--rollouts"] : [],
            .. acmePort > 0 ? (string[])["--service-acme-port", $"{acmePort}"] : [],
            .. selfCheckPort != 80 ? (string[])["--self-check-port", $"{selfCheckPort}"] : [],
            .. acmeTlsPort > 0 ? (string[])["--acme-tls-listen", $"127.0.0.1:{acmeTlsPort}"] : [],
            .. more,
        ];
        return await OperatorProcess.StartAsync(
            Repository.OperatorBinary, arguments, port, Path.Combine(Cluster.Folder, $"operator-{port}.log"), environment);
    }

    /// <summary>Waits until a namespace has this many Certificates and all of them are ready, and returns them.</summary>
    public Task<IReadOnlyList<JsonNode>> ReadyAsync(string ns, int count = 1) => Eventually.GetAsync<IReadOnlyList<JsonNode>>(
        $"{count} Certificates in {ns} are ready",
        async () => await Cluster.Admin.ListAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates") is { } all
            && all.Count == count && all.All(IsReady) ? all : null,
        TimeSpan.FromSeconds(90));

    /// <summary>What the operator asked of the API server since a place in the audit log, in one namespace or in all.</summary>
    public IReadOnlyList<AuditEntry> Requests(long since = 0, string? ns = null)
        => [.. Cluster.AuditLog.Read(User, since).Where(entry => ns is null || entry.Namespace == ns)];

    /// <summary>The writes among <see cref="Requests"/>, each as <c>verb resource/subresource</c>, with their number.</summary>
    public IReadOnlyDictionary<string, int> Writes(long since, string? ns = null)
        => Requests(since, ns).Where(entry => entry.IsWrite)
            .CountBy(entry => $"{entry.Verb} {entry.Resource}{(entry.Subresource.Length > 0 ? "/" : "")}{entry.Subresource}")
            .ToDictionary();

    /// <summary>Whether the rules that are in force let the operator do something in its own namespace.</summary>
    public async Task<bool> MayAsync(string group, string resource, string verb)
    {
        var review = await Cluster.Admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["user"] = User,
                ["resourceAttributes"] = new JsonObject { ["group"] = group, ["resource"] = resource, ["verb"] = verb, ["namespace"] = Namespace },
            },
        });
        return review["status"]?["allowed"]?.GetValue<bool>() == true;
    }

    /// <summary>Whether an object says that it is ready.</summary>
    public static bool IsReady(JsonNode item) =>
        item["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true;

    /// <summary>The API server takes a moment to learn of new rules; the last of them is asked for, and as somebody else.</summary>
    private async Task<bool> MayWorkAsync() => await MayAsync("", "secrets", "patch") && await MayAsync("coordination.k8s.io", "leases", "update");
}
