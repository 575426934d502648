using CertOperator.Api;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Controllers;

/// <summary>The whole operator on a cluster in memory.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly OperatorOptions _options;
    private CancellationTokenSource _stop = new();
    private Operator? _operator;
    private Task _running = Task.CompletedTask;

    /// <param name="options">The operator's.</param>
    /// <param name="time">The clock; the system's if null.</param>
    /// <param name="createNamespaces">False: writes into a namespace that is not there are refused, as a real server does.</param>
    /// <param name="cluster">That of another world, for a second replica; null: one of its own.</param>
    public World(OperatorOptions? options = null, TimeProvider? time = null, bool createNamespaces = true, InMemoryCluster? cluster = null)
    {
        _options = options ?? new OperatorOptions();
        _time = time ?? TimeProvider.System;
        Cluster = cluster ?? new InMemoryCluster(_time, new InMemoryClusterOptions { CreateNamespaces = createNamespaces, CollectGarbageAtOnce = true });
        foreach (var definition in cluster is null ? ApiDefinitions.Documents() : [])
            Cluster.RegisterCrd(definition);
        Client = new InMemoryKubeClient(Cluster);
        OperatorClient = Client;
    }

    public InMemoryCluster Cluster { get; }

    public InMemoryKubeClient Client { get; }

    /// <summary>The operator that runs; <see cref="SettleAsync"/> starts one.</summary>
    public Operator Operator => _operator ?? throw new InvalidOperationException("The operator was not started yet.");

    public ListLogger Log { get; } = new();

    /// <summary>What the next operator reaches the cluster by; null: <see cref="Client"/>.</summary>
    public IKubeClient? OperatorClient { get; set; }

    /// <summary>A world with a self-signed root and an Issuer "ca" in namespace shop, all ready.</summary>
    public static async Task<World> WithCaAsync(OperatorOptions? options = null, TimeProvider? time = null)
    {
        var world = new World(options, time);
        world.Apply(Samples.Ca);
        await world.SettleAsync();
        return world;
    }

    public void Apply(string yaml)
    {
        foreach (var document in YamlReader.Read(yaml))
            Cluster.Apply(document.Root, "kubectl");
    }

    /// <summary>Starts the operator unless it runs.</summary>
    public async Task StartAsync()
    {
        if (_operator is not null)
            return;
        _operator = await Operator.CreateAsync(OperatorClient ?? Client, _options, _time, Log, _stop.Token);
        _running = _operator.Manager.RunAsync(_stop.Token);
    }

    /// <summary>Cancels whatever the operator does at this moment.</summary>
    public void Cut() => _stop.Cancel();

    /// <summary>Ends the operator, and with it all that it remembers; the cluster stays.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_operator is not null)
            await _operator.DisposeAsync();
        _stop.Dispose();
        (_operator, _running, _stop) = (null, Task.CompletedTask, new CancellationTokenSource());
    }

    /// <summary>Runs the operator until nothing is left to do.</summary>
    /// <param name="isDead">Whether it was cut meanwhile.</param>
    /// <param name="whileBusy">Called about once a second while it is at work: what it waits for may be the test's clock.</param>
    public async Task SettleAsync(Func<bool>? isDead = null, Action? whileBusy = null)
    {
        await StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        for (int quiet = 0, looks = 1; quiet < 3; looks++)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"The operator does not come to rest: {(Operator.IsIdle ? "its queues are empty" : "it is at work")}, {Cluster.UndeliveredEvents} events are not delivered, and these caches are not in sync: {string.Join(", ", Operator.Caches.All.Where(cache => !cache.HasSynced))}. Its log: {string.Join('\n', Log.Lines)}");
            await Task.Delay(10);
            if (looks % 100 == 0)
                whileBusy?.Invoke();
            if (isDead?.Invoke() == true)
                return;
            bool idle = Operator.Caches.All.All(cache => cache.HasSynced) && Operator.IsIdle && Cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }

        await Operator.Events.FlushAsync(limit.Token);
    }

    public async Task<Certificate> CertificateAsync(string name)
        => await Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None) ?? throw new InvalidOperationException($"There is no Certificate {name}.");

    public Task<Certificate?> FindCertificateAsync(string name) => Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Condition> ReadyAsync(string name)
        => Conditions.Find((await CertificateAsync(name)).Status?.Conditions, ConditionTypes.Ready) ?? throw new InvalidOperationException($"The Certificate {name} has no condition Ready.");

    public Task<Secret?> FindSecretAsync(string name) => Client.FindAsync<Secret>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Secret> SecretAsync(string name) => await FindSecretAsync(name) ?? throw new InvalidOperationException($"There is no Secret {name}.");

    /// <summary>Reasons of the events about an object.</summary>
    public IReadOnlyList<string> EventReasons(string kind, string name) => [.. Events(kind, name).Select(happened => happened.Reason)];

    /// <summary>The events about an object.</summary>
    public IReadOnlyList<(string Reason, string Message)> Events(string kind, string name) =>
    [
        .. Cluster.List(Event.Type, "shop")
            .Where(happened => (string?)happened["involvedObject"]!["kind"] == kind && (string?)happened["involvedObject"]!["name"] == name)
            .Select(happened => ((string)happened["reason"]!, (string)happened["message"]!)),
    ];

    /// <summary>What is wrong with Ingresses and Services now.</summary>
    public IReadOnlyList<SourceFinding> Findings => [.. Operator.SourceFindings];

    /// <summary>What the audit of an Ingress finds now.</summary>
    public IReadOnlyList<string> AuditCodes(string ingress) =>
    [
        .. Operator.AuditFindings.Where(audit => audit.Ingress == new ObjectKey("shop", ingress)).SelectMany(audit => audit.Findings).Select(finding => finding.Code.Name),
    ];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
