using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Traffic;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>The whole operator on a cluster in memory, with an ACME server beside it, both on the test's clock.</summary>
internal sealed class AcmeWorld : IAsyncDisposable
{
    private const int MostRounds = 200;
    private const string External = "{http01: {route: External} }";

    private AcmeWorld(FakeAcmeServer server, FakeTimeProvider time, string? replica, OperatorOptions? operatorOptions)
    {
        Server = server;
        Time = time;
        Server.Behaviour.Validate = Board.ValidateAsync;
        Options = (operatorOptions ?? new OperatorOptions { Solvers = new Dictionary<string, IChallengeSolver> { ["http-01"] = Board } }) with
        {
            AllowPrivateAcmeServers = true,
            LeaseIdentity = replica,
        };
        World = new World(Options, time);
    }

    public FakeAcmeServer Server { get; }

    public FakeTimeProvider Time { get; }

    public TokenBoard Board { get; } = new();

    public OperatorOptions Options { get; }

    public World World { get; }

    /// <summary>Starts a server; and a world with a ready Issuer "acme" in namespace shop.</summary>
    public static async Task<AcmeWorld> StartAsync(FakeAcmeOptions? options = null, string more = "", bool isReady = true, string? replica = null, OperatorOptions? operatorOptions = null, string solver = External)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var time = new FakeTimeProvider(new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
        var world = new AcmeWorld(await FakeAcmeServer.StartAsync((options ?? new FakeAcmeOptions()) with { Time = time }), time, replica, operatorOptions);
        world.World.Apply(world.Issuer(more: more, solver: solver));
        if (isReady)
            await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");
        return world;
    }

    public string Issuer(string name = "acme", string more = "", string solver = External) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: {{name}}, namespace: shop}
        spec:
          acme:
            server: {{Server.DirectoryUrl.OriginalString}}
            caBundle: {{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Server.TrustPem))}}
            privateKeySecretRef: {name: {{name}}-account}
            solvers: [{{solver}}]
        {{more}}
        """;

    /// <summary>Runs the operator, and the clock by a second each time that it has nothing to do, until a condition holds.</summary>
    /// <param name="what">For the message if it never holds.</param>
    /// <param name="condition">Asked whenever the operator has nothing to do.</param>
    /// <param name="isDead">Whether the operator was cut, so that there is nothing to wait for.</param>
    /// <param name="step">By how much the clock moves, if not by a second.</param>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, Func<bool>? isDead = null, TimeSpan? step = null)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            try
            {
                await World.SettleAsync(isDead, () => Time.Advance(TimeSpan.FromSeconds(1)));
            }
            catch (TimeoutException restless)
            {
                throw new TimeoutException($"This did not come to hold: {what}. {restless.Message} The server's last requests: {string.Join(", ", Server.Requests.TakeLast(5).Select(request => $"{request.Endpoint} {request.Status}"))}");
            }

            if (await condition())
                return;
            Time.Advance(step ?? TimeSpan.FromSeconds(1));
        }

        throw new TimeoutException($"This did not come to hold: {what}. {await DescribeAsync()}");
    }

    /// <summary>Waits for a renewal after a pause of the clock, which is caught up with within hours.</summary>
    public Task UntilRenewedAsync(string name, int revision = 2)
        => UntilAsync($"{name} is renewed", async () => (await StatusAsync(name)).Revision == revision, step: TimeSpan.FromMinutes(10));

    public Task UntilReadyAsync(string name) => UntilAsync($"{name} is ready", async () => await IsReadyAsync(name));

    public async Task<bool> IsReadyAsync(string name)
        => Conditions.IsTrue((await World.FindCertificateAsync(name))?.Status?.Conditions, ConditionTypes.Ready);

    public async Task<CertificateStatus> StatusAsync(string name) => (await World.CertificateAsync(name)).Status ?? new CertificateStatus();

    public async Task<Condition?> IssuerReadyAsync(string name = "acme")
        => Conditions.Find((await IssuerAsync(name)).Status?.Conditions, ConditionTypes.Ready);

    public async Task<Issuer> IssuerAsync(string name = "acme")
        => await World.Client.FindAsync<Issuer>(new ObjectKey("shop", name), CancellationToken.None) ?? throw new InvalidOperationException($"There is no Issuer {name}.");

    /// <summary>How often the server was asked for something.</summary>
    public int Asked(AcmeEndpoint endpoint) => Server.Requests.Count(request => request.Endpoint == endpoint);

    /// <summary>The Secrets in namespace shop, by type.</summary>
    public IReadOnlyList<string> SecretTypes() => [.. World.Cluster.List(Secret.Type, "shop").Select(secret => (string)secret["type"]!).Order(StringComparer.Ordinal)];

    /// <summary>How many objects other than events were written or deleted, by verb and kind.</summary>
    public IReadOnlyList<string> Writes() =>
    [
        .. World.Cluster.Requests.Counts.Where(entry => IsWrite(entry.Key))
            .GroupBy(entry => $"{entry.Key.Verb} {entry.Key.Resource}/{entry.Key.Subresource}".TrimEnd('/'))
            .Select(group => $"{group.Key} {group.Sum(entry => entry.Value)}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Nothing is left of any order: no pending key, no challenge, nothing under way.</summary>
    public async Task AssertTidyAsync(string name)
    {
        Assert.DoesNotContain("certoperator.io/pending-key", SecretTypes());
        Assert.Empty(Board.Tokens);
        CertificateStatus status = await StatusAsync(name);
        Assert.Null(status.Issuance);
        Assert.Null(status.Names);
    }

    public void Fail(AcmeEndpoint endpoint, AcmeFault fault, int times = 1) => Server.Faults.Add(endpoint, fault, times);

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static bool IsWrite(ApiRequest request) => request is { Verb: "create" or "update" or "patch" or "delete", Resource: not "events" };

    private async Task<string> DescribeAsync()
    {
        var certificates = (await World.Client.ListAsync<Certificate>(new ListOptions(), CancellationToken.None)).Items;
        string[] told = [.. certificates.Select(certificate => $"{certificate.Metadata.Name}: {string.Join("; ", (certificate.Status?.Conditions ?? []).Select(condition => $"{condition.Type} {condition.Status} {condition.Reason} {condition.Message}"))}")];
        return $"{string.Join('\n', told)} Issuer: {(await IssuerReadyAsync())?.Message}";
    }
}
