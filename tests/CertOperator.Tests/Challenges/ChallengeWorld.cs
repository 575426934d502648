using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Http;
using CertOperator.Controllers;
using CertOperator.Controllers.Solvers;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Challenges;

/// <summary>A cluster with Certificates whose challenges are open, the caches over it, and what keeps the solver objects.</summary>
internal sealed class ChallengeWorld : IAsyncDisposable
{
    public const string Thumbprint = "ThumbprintOfTheAccountKeyOfTheTest0123456789";

    private readonly CancellationTokenSource _stop = new();
    private readonly Caches _caches;
    private readonly SolverReconciler _reconciler;
    private Task _running = Task.CompletedTask;

    public ChallengeWorld()
    {
        Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Cluster = new InMemoryCluster(Time, new InMemoryClusterOptions { CreateNamespaces = true, CollectGarbageAtOnce = true });
        foreach (JsonObject definition in ApiDefinitions.Documents())
            Cluster.RegisterCrd(definition);
        var client = new InMemoryKubeClient(Cluster);
        _caches = new Caches(client, new InformerOptions(), Time, NullLoggerFactory.Instance);
        Challenges = new OpenChallenges(_caches.Certificates.Store, _caches.Issuers.Store, _caches.ClusterIssuers.Store);
        var planner = new RoutePlanner(new Http01Options { Namespace = "cert-operator" }, new IngressClassChoice(_caches.Ingresses.Store, _caches.IngressClasses.Store));
        _reconciler = new SolverReconciler(client, _caches, Challenges, planner, Routes, "cert-operator", Time, NullLogger.Instance);
    }

    public FakeTimeProvider Time { get; }

    public InMemoryCluster Cluster { get; }

    public OpenChallenges Challenges { get; }

    public RouteTable Routes { get; } = new();

    public void Apply(string yaml)
    {
        foreach (var document in YamlReader.Read(yaml))
            Cluster.Apply(document.Root, "kubectl");
    }

    /// <summary>An ACME issuer with one solver, and an account.</summary>
    public void AddIssuer(string solver, string kind = "Issuer", string name = "acme")
    {
        string place = kind == "Issuer" ? ", namespace: shop" : "";
        Apply($$"""
            apiVersion: certoperator.io/v1
            kind: {{kind}}
            metadata: {name: {{name}}{{place}}}
            spec:
              acme:
                server: https://acme.example.com/directory
                privateKeySecretRef: {name: account}
                solvers: [{{solver}}]
            """);
        ResourceType type = kind == "Issuer" ? Issuer.Type : ClusterIssuer.Type;
        PatchStatus(type, new ObjectKey(kind == "Issuer" ? "shop" : "", name), new JsonObject { ["acme"] = new JsonObject { ["keyThumbprint"] = Thumbprint } });
    }

    /// <summary>A Certificate in namespace shop whose one challenge is open.</summary>
    public void Open(string name, string host, string token, string type = "http-01", string issuer = "Issuer/acme", string metadata = "")
    {
        Apply($$"""
            apiVersion: certoperator.io/v1
            kind: Certificate
            metadata: {name: {{name}}, namespace: shop{{metadata}}}
            spec: {secretName: {{name}}, issuerRef: {name: acme}, dnsNames: [www.example.com]}
            """);
        SetChallenges(name, issuer, new JsonObject
        {
            ["name"] = host,
            ["type"] = type,
            ["token"] = token,
            ["url"] = "https://acme.example.com/challenge/1",
            ["authorization"] = "https://acme.example.com/authorization/1",
        });
    }

    public void Close(string name) => SetChallenges(name, "Issuer/acme");

    /// <summary>Has the reconciler look once, when all caches have seen what is in the cluster.</summary>
    public async Task LookAsync()
    {
        await SyncAsync();
        Time.Advance(TimeSpan.FromSeconds(2));
        await _reconciler.ReconcileAsync(SolverReconciler.Key, CancellationToken.None);
    }

    public async Task SyncAsync()
    {
        if (_running.IsCompleted)
            _running = Task.WhenAll(_caches.All.Select(informer => informer.RunAsync(_stop.Token)));
        await Eventually.HoldsAsync("the caches are in sync", () => Task.FromResult(_caches.All.All(cache => cache.HasSynced) && Cluster.UndeliveredEvents == 0));
    }

    public IReadOnlyList<JsonObject> Ingresses(string ns = "cert-operator") => Cluster.List(Ingress.Type, ns);

    /// <summary>A token for a number.</summary>
    public static string Token(int number) => $"token-of-the-challenge-{number:0000}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private void SetChallenges(string name, string issuer, params JsonNode[] challenges)
        => PatchStatus(Certificate.Type, new ObjectKey("shop", name), new JsonObject
        {
            ["issuance"] = new JsonObject { ["id"] = "1", ["issuer"] = issuer, ["started"] = "2026-01-01T00:00:00Z", ["challenges"] = new JsonArray(challenges) },
        });

    private void PatchStatus(ResourceType type, ObjectKey key, JsonObject status) => Cluster.Patch(type, key, new JsonObject { ["status"] = status }, "status");
}
