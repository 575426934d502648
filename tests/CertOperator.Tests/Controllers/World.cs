using CertOperator.Api;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Yaml;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Controllers;

/// <summary>The whole operator on a cluster in memory.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly OperatorOptions _options;
    private Operator? _operator;
    private Task _running = Task.CompletedTask;

    public World(OperatorOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new OperatorOptions();
        _time = time ?? TimeProvider.System;
        Cluster = new InMemoryCluster(_time, new InMemoryClusterOptions { CreateNamespaces = true, CollectGarbageAtOnce = true });
        foreach (var definition in ApiDefinitions.Documents())
            Cluster.RegisterCrd(definition);
        Client = new InMemoryKubeClient(Cluster);
    }

    public InMemoryCluster Cluster { get; }

    public InMemoryKubeClient Client { get; }

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

    /// <summary>Runs the operator until nothing is left to do.</summary>
    public async Task SettleAsync()
    {
        if (_operator is null)
        {
            _operator = await Operator.CreateAsync(Client, _options, _time, NullLoggerFactory.Instance, _stop.Token);
            _running = _operator.Manager.RunAsync(_stop.Token);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int quiet = 0; quiet < 3;)
        {
            await Task.Delay(10, limit.Token);
            bool idle = _operator.Caches.All.All(cache => cache.HasSynced) && _operator.IsIdle && Cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }

        await _operator.Events.FlushAsync(limit.Token);
    }

    public async Task<Certificate> CertificateAsync(string name)
        => await Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None) ?? throw new InvalidOperationException($"There is no Certificate {name}.");

    public Task<Certificate?> FindCertificateAsync(string name) => Client.FindAsync<Certificate>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Condition> ReadyAsync(string name)
        => Conditions.Find((await CertificateAsync(name)).Status?.Conditions, ConditionTypes.Ready) ?? throw new InvalidOperationException($"The Certificate {name} has no condition Ready.");

    public Task<Secret?> FindSecretAsync(string name) => Client.FindAsync<Secret>(new ObjectKey("shop", name), CancellationToken.None);

    public async Task<Secret> SecretAsync(string name) => await FindSecretAsync(name) ?? throw new InvalidOperationException($"There is no Secret {name}.");

    /// <summary>Reasons of the events about an object.</summary>
    public IReadOnlyList<string> EventReasons(string kind, string name) => [.. Events(kind, name).Select(told => told.Reason)];

    /// <summary>The events about an object of namespace shop.</summary>
    public IReadOnlyList<(string Reason, string Message)> Events(string kind, string name) =>
    [
        .. Cluster.List(Event.Type, "shop")
            .Where(happened => (string?)happened["involvedObject"]!["kind"] == kind && (string?)happened["involvedObject"]!["name"] == name)
            .Select(happened => ((string)happened["reason"]!, (string)happened["message"]!)),
    ];

    /// <summary>What is wrong with Ingresses and Services now.</summary>
    public IReadOnlyList<SourceFinding> Findings => [.. _operator!.SourceFindings];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_operator is not null)
            await _operator.DisposeAsync();
        _stop.Dispose();
    }
}
