using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Yaml;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Controllers;

/// <summary>The whole operator on a cluster in memory.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly OperatorOptions _options;
    private CancellationTokenSource _stop = new();
    private Operator? _operator;
    private Task _running = Task.CompletedTask;

    public World(TimeProvider? time = null, OperatorOptions? options = null)
    {
        _time = time ?? TimeProvider.System;
        _options = options ?? new OperatorOptions();
        Cluster = new InMemoryCluster(_time, new InMemoryClusterOptions { CreateNamespaces = true, CollectGarbageAtOnce = true });
        foreach (var definition in ApiDefinitions.Documents())
            Cluster.RegisterCrd(definition);
        Client = new InMemoryKubeClient(Cluster);
        OperatorClient = Client;
    }

    public InMemoryCluster Cluster { get; }

    public InMemoryKubeClient Client { get; }

    /// <summary>The operator that runs.</summary>
    public Operator Operator => _operator ?? throw new InvalidOperationException("No operator runs.");

    /// <summary>The client of the next operator that is started.</summary>
    public IKubeClient OperatorClient { get; set; }

    /// <summary>A world with a self-signed root and an Issuer "ca" in namespace shop, all ready.</summary>
    public static async Task<World> WithCaAsync()
    {
        var world = new World();
        world.Apply(Samples.Ca);
        await world.SettleAsync();
        return world;
    }

    public void Apply(string yaml)
    {
        foreach (var document in YamlReader.Read(yaml))
            Cluster.Apply(document.Root, "kubectl");
    }

    /// <summary>Starts an operator, unless one runs.</summary>
    public async Task StartAsync()
    {
        if (_operator is not null)
            return;
        _operator = await Operator.CreateAsync(OperatorClient, _options, _time, NullLoggerFactory.Instance, _stop.Token);
        _running = _operator.Manager.RunAsync(_stop.Token);
    }

    /// <summary>Cancels whatever the operator does at this moment.</summary>
    public void Cut() => _stop.Cancel();

    /// <summary>Ends the operator; the next one knows only what is in the cluster.</summary>
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
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int quiet = 0, looks = 1; quiet < 3; looks++)
        {
            await Task.Delay(10, limit.Token);
            if (looks % 100 == 0)
                whileBusy?.Invoke();
            if (isDead?.Invoke() == true)
                return;
            bool idle = _operator!.Caches.All.All(cache => cache.HasSynced) && _operator.IsIdle && Cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }

        await _operator!.Events.FlushAsync(limit.Token);
    }

    public async Task<Certificate> CertificateAsync(string name)
        => await Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None) ?? throw new InvalidOperationException($"There is no Certificate {name}.");

    public Task<Certificate?> FindCertificateAsync(string name) => Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Condition> ReadyAsync(string name)
        => Conditions.Find((await CertificateAsync(name)).Status?.Conditions, ConditionTypes.Ready) ?? throw new InvalidOperationException($"The Certificate {name} has no condition Ready.");

    public Task<Secret?> FindSecretAsync(string name) => Client.FindAsync<Secret>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Secret> SecretAsync(string name) => await FindSecretAsync(name) ?? throw new InvalidOperationException($"There is no Secret {name}.");

    /// <summary>Reasons of the events about an object.</summary>
    public IReadOnlyList<string> EventReasons(string kind, string name) =>
    [
        .. Cluster.List(Event.Type, "shop")
            .Where(happened => (string?)happened["involvedObject"]!["kind"] == kind && (string?)happened["involvedObject"]!["name"] == name)
            .Select(happened => (string)happened["reason"]!),
    ];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
