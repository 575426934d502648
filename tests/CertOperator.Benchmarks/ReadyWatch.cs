using System.Collections.Concurrent;
using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Benchmarks;

/// <summary>Notes when a watch first shows each Certificate to be Ready.</summary>
internal sealed class ReadyWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ObjectKey, long> _ready = [];
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private readonly KubeClient _client;
    private readonly Informer<Certificate, Certificate> _informer;
    private readonly Task _running;

    public ReadyWatch(TestCluster cluster)
    {
        _client = new KubeClient(KubeConfig.FromFiles([cluster.AdminKubeconfig], null), "benchmark", TimeProvider.System);
        _informer = new Informer<Certificate, Certificate>(_client, new InformerOptions(), item => item, TimeProvider.System, NullLogger.Instance);
        _informer.Changed += change =>
        {
            if (Conditions.IsTrue(change.After?.Status?.Conditions, ConditionTypes.Ready)
                && _ready.TryAdd(change.Key, Stopwatch.GetTimestamp()))
            {
                _counts.AddOrUpdate(change.Key.Namespace, 1, (_, count) => count + 1);
            }
        };
        _running = _informer.RunAsync(_stop.Token);
    }

    /// <summary>When the Certificate became Ready, by <see cref="Stopwatch"/>; null if it did not yet.</summary>
    public long? ReadyAt(ObjectKey certificate) => _ready.TryGetValue(certificate, out var at) ? at : null;

    /// <summary>What the Certificate says of itself.</summary>
    public string Message(ObjectKey certificate) =>
        Conditions.Find(_informer.Store.Find(certificate)?.Status?.Conditions, ConditionTypes.Ready)?.Message ?? "It has no condition yet.";

    /// <summary>Waits until so many Certificates of a namespace have become Ready; false if none has for a minute.</summary>
    public async Task<bool> WaitAsync(string ns, int count, CancellationToken cancel)
    {
        var (seen, since) = (-1, Stopwatch.GetTimestamp());
        while (_counts.GetValueOrDefault(ns) is var ready && ready < count)
        {
            if (ready > seen)
            {
                (seen, since) = (ready, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromMinutes(1))
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, cancel);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }
}
