using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>
/// A namespace of a test with issuers at ACME servers. When it is disposed, nothing is left that the operator of another test would
/// try to renew at a server that has ended.
/// </summary>
internal sealed class AcmeNamespace : IAsyncDisposable
{
    /// <summary>A solver that the operator's own answers are enough for.</summary>
    public const string OverHttp = "{http01: {ingress: {ingressClassName: nginx} } }";

    private const string Definitions = "/apis/certoperator.io/v1";

    private readonly List<string> _owned;

    private AcmeNamespace(TestCluster cluster, string name)
    {
        Cluster = cluster;
        Name = name;
        _owned = [$"/apis/networking.k8s.io/v1/namespaces/{name}/ingresses", $"{Definitions}/namespaces/{name}/certificates", $"{Definitions}/namespaces/{name}/issuers"];
    }

    public TestCluster Cluster { get; }

    public string Name { get; }

    public static async Task<AcmeNamespace> CreateAsync(OperatorInstallation installation)
        => new(installation.Cluster, await installation.Cluster.CreateNamespaceAsync("acme"));

    /// <summary>Has an object of elsewhere go with this namespace.</summary>
    public void Own(string path) => _owned.Add(path);

    public Task ApplyAsync(string yaml) => Cluster.ApplyAsync(yaml);

    /// <summary>An Issuer of this namespace at Pebble; <paramref name="more"/> is of its <c>spec.acme</c>.</summary>
    public Task AddIssuerAsync(string name, PebbleServer pebble, string solver, string more = "", string kind = "Issuer")
        => AddIssuerAsync(name, pebble.DirectoryUrl, pebble.TrustPem, solver, more, kind);

    /// <summary>An Issuer of this namespace, or a ClusterIssuer.</summary>
    public Task AddIssuerAsync(string name, Uri directory, string trust, string solver, string more = "", string kind = "Issuer")
    {
        if (kind == "ClusterIssuer")
            Own($"{Definitions}/clusterissuers/{name}");
        return ApplyAsync($$"""
            apiVersion: certoperator.io/v1
            kind: {{kind}}
            metadata: {name: {{name}}{{(kind == "Issuer" ? $", namespace: {Name}" : "")}} }
            spec:
              acme: {
                server: {{directory}},
                caBundle: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(trust))}},
                privateKeySecretRef: {name: {{name}}-account},
                solvers: [{{solver.ReplaceLineEndings(" ")}}],
                {{more}} }
            """);
    }

    /// <summary>A Secret with one entry.</summary>
    public Task AddSecretAsync(string name, string entry, string value) => Cluster.Admin.CreateAsync($"/api/v1/namespaces/{Name}/secrets", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["data"] = new JsonObject { [entry] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) },
    });

    /// <summary>The status of a Certificate that is in this namespace.</summary>
    public async Task<JsonNode> StatusAsync(string name) => (await Cluster.Admin.GetAsync($"{Definitions}/namespaces/{Name}/certificates/{name}"))["status"]!;

    /// <summary>The condition Ready of an Issuer of this namespace, once it has this status.</summary>
    public Task<JsonNode> IssuerReadyAsync(string name, string status = "True") => Eventually.GetAsync($"Issuer {name} has Ready={status}", async () =>
    {
        JsonNode issuer = await Cluster.Admin.GetAsync($"{Definitions}/namespaces/{Name}/issuers/{name}");
        return issuer["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == status);
    });

    /// <summary>The leaf of a Secret, verified up to the roots of Pebble, for exactly these names.</summary>
    public async Task<X509Certificate2> VerifiedAsync(string secret, PebbleServer pebble, params string[] names)
        => await VerifiedAsync(secret, await pebble.RootsAsync(), names);

    /// <summary>The leaf of a Secret, verified up to one of the roots, for exactly these names.</summary>
    public async Task<X509Certificate2> VerifiedAsync(string secret, X509Certificate2Collection roots, params string[] names)
    {
        JsonNode stored = await Cluster.Admin.GetAsync($"/api/v1/namespaces/{Name}/secrets/{secret}");
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String((string)stored["data"]!["tls.crt"]!)));
        using var verifier = new X509Chain { ChainPolicy = Trust.Only(roots.ExportCertificatePems()) };
        verifier.ChainPolicy.ExtraStore.AddRange(chain);
        Assert.True(verifier.Build(chain[0]), string.Join(' ', verifier.ChainStatus.Select(status => status.StatusInformation)));
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            chain[0].Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Order(StringComparer.Ordinal));
        return chain[0];
    }

    /// <summary>Waits until no Ingress of a solver is there, and sees to it that no key was left.</summary>
    public async Task NothingIsLeftAsync()
    {
        await Eventually.HoldsAsync("no solver Ingress is left", async () =>
            await Cluster.Admin.ListAsync($"/apis/networking.k8s.io/v1/namespaces/{OperatorInstallation.Namespace}/ingresses") is { Count: 0 });
        Assert.DoesNotContain(
            await Cluster.Admin.ListAsync($"/api/v1/namespaces/{Name}/secrets"), left => (string?)left["type"] == "certoperator.io/pending-key");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string path in _owned)
        {
            if (await Cluster.Admin.FindAsync(path) is not null)
                await Cluster.Admin.DeleteAsync(path);
        }
    }
}
