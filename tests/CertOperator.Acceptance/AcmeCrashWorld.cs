using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>A namespace with an ACME server of its own, for one Certificate.</summary>
internal sealed class AcmeCrashWorld : IAsyncDisposable
{
    private readonly OperatorInstallation _installation;
    private readonly AcmeCrashWay _way;

    private AcmeCrashWorld(OperatorInstallation installation, AcmeCrashWay way, ApiProxy proxy, FakeAcmeServer server, string ns)
    {
        _installation = installation;
        _way = way;
        Proxy = proxy;
        Server = server;
        Namespace = ns;
    }

    public FakeAcmeServer Server { get; }

    public ApiProxy Proxy { get; }

    public string Namespace { get; }

    private ClusterClient Admin => _installation.Cluster.Admin;

    private string Certificate => $"/apis/certoperator.io/v1/namespaces/{Namespace}/certificates/web";

    private string Issuer => $"/apis/certoperator.io/v1/namespaces/{Namespace}/issuers/acme";

    public static async Task<AcmeCrashWorld> StartAsync(OperatorInstallation installation, AcmeCrashWay way, ApiProxy proxy)
    {
        FakeAcmeServer server = await FakeAcmeServer.StartAsync();
        server.Behaviour.Validate = way.ValidateAsync;
        var world = new AcmeCrashWorld(installation, way, proxy, server, await installation.Cluster.CreateNamespaceAsync("kill"));
        if (way.Secret is var (name, entry, value))
        {
            await world.Admin.CreateAsync($"/api/v1/namespaces/{world.Namespace}/secrets", new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name },
                ["stringData"] = new JsonObject { [entry] = value },
            });
        }

        return world;
    }

    /// <summary>An Issuer without an account, and a Certificate of it.</summary>
    public async Task BeginAsync()
    {
        await Admin.CreateAsync(Parent(Issuer), New("Issuer", "acme", new JsonObject
        {
            ["acme"] = new JsonObject
            {
                ["server"] = Server.DirectoryUrl.OriginalString,
                ["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(Server.TrustPem)),
                ["privateKeySecretRef"] = new JsonObject { ["name"] = "account" },
                ["selfCheck"] = "Off",
                ["solvers"] = new JsonArray(_way.Solver),
            },
        }));
        await Admin.CreateAsync(Parent(Certificate), New("Certificate", "web", new JsonObject
        {
            ["secretName"] = "web",
            ["issuerRef"] = new JsonObject { ["name"] = "acme" },
            ["dnsNames"] = new JsonArray("web.example.com"),
        }));
    }

    public Task UntilAsync(string what, Func<Task<bool>> condition) => Eventually.HoldsAsync(what, condition, TimeSpan.FromSeconds(90));

    /// <summary>The certificate is there, and nothing else.</summary>
    public async Task<bool> IsTidyAsync()
    {
        JsonNode certificate = await Admin.GetAsync(Certificate);
        return OperatorInstallation.IsReady(certificate)
            && certificate["status"]!["issuance"] is null
            && certificate["metadata"]!["finalizers"] is null or JsonArray { Count: 0 }
            && OperatorInstallation.IsReady(await Admin.GetAsync(Issuer))
            && (await SecretsAsync()).SequenceEqual(_way.Secret is var (own, _, _) ? ["account", own, "web"] : ["account", "web"])
            && await _way.IsTidyAsync();
    }

    /// <summary>The CA was asked for an order, and nothing in the cluster knows of one.</summary>
    public async Task<bool> IsOrderLostAsync()
    {
        JsonNode certificate = await Admin.GetAsync(Certificate);
        return Asked(AcmeEndpoint.NewOrder) > 0 && certificate["status"]?["issuance"] is null && !OperatorInstallation.IsReady(certificate);
    }

    public async Task AssertOneCertificateAsync(string after, bool isOrderLost)
    {
        await UntilAsync($"all is done after {after}", IsTidyAsync);
        Assert.True(Server.Issued.Count == 1, $"After {after} there are {Server.Issued.Count} certificates.");
        Assert.True(Server.Accounts.Count == 1, $"After {after} there are {Server.Accounts.Count} accounts.");
        int orders = Asked(AcmeEndpoint.NewOrder);
        Assert.True(orders <= (isOrderLost ? 2 : 1), $"After {after} there are {orders} orders.");
        Assert.Equal(1, (int?)(await Admin.GetAsync(Certificate))["status"]!["revision"]);

        JsonNode data = (await Admin.GetAsync($"/api/v1/namespaces/{Namespace}/secrets/web"))["data"]!;
        using var stored = X509Certificate2.CreateFromPem(Text(data["tls.crt"]!), Text(data["tls.key"]!));
        Assert.Equal(Server.Issued[0].RawData, stored.RawData);
    }

    /// <summary>Takes the objects away, so that the next operator does not ask this server.</summary>
    public async Task EndAsync()
    {
        await Admin.DeleteAsync(Certificate);
        await Admin.DeleteAsync(Issuer);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private int Asked(AcmeEndpoint endpoint) => Server.Requests.Count(request => request.Endpoint == endpoint);

    /// <summary>Without the token of the namespace's service account.</summary>
    private async Task<IEnumerable<string>> SecretsAsync()
        => (await Admin.ListAsync($"/api/v1/namespaces/{Namespace}/secrets"))
            .Where(secret => (string?)secret["type"] != "kubernetes.io/service-account-token")
            .Select(secret => (string)secret["metadata"]!["name"]!)
            .Order(StringComparer.Ordinal);

    private static JsonObject New(string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = "certoperator.io/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    };

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string Text(JsonNode base64) => Encoding.UTF8.GetString(Convert.FromBase64String((string)base64!));
}
