using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Controllers;

/// <summary>
/// Feeds the keys of changed objects to a reconciler. It collects keys from the moment it watches something; workers run
/// only while <see cref="RunAsync"/> does, so that a replica without leadership is ready to take over.
/// </summary>
public sealed class Controller : IDisposable
{
    private readonly IReconciler _reconciler;
    private readonly ControllerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile bool _running;

    /// <param name="name">For logs and metrics, e.g. <c>ingress</c>.</param>
    /// <param name="reconciler">What to do with a key.</param>
    /// <param name="options">How hard to work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of failures.</param>
    public Controller(string name, IReconciler reconciler, ControllerOptions options, TimeProvider time, ILogger logger)
    {
        Name = name;
        _reconciler = reconciler;
        _options = options;
        _time = time;
        _logger = logger;
        Queue = new WorkQueue<ObjectKey>(time, options.Backoff);
    }

    /// <summary>For logs and metrics.</summary>
    public string Name { get; }

    /// <summary>Keys waiting for a worker.</summary>
    public WorkQueue<ObjectKey> Queue { get; }

    /// <summary>Workers are running.</summary>
    public bool IsRunning => _running;

    /// <summary>Reconciles the key of every object that changes.</summary>
    public void Watch<T, TView>(Informer<T, TView> informer)
        where T : class, IKubeObject<T>
        where TView : class
        => Watch(informer, change => [change.Key]);

    /// <summary>Reconciles the keys that <paramref name="map"/> finds for a change. It must be quick and not block.</summary>
    public void Watch<T, TView>(Informer<T, TView> informer, Func<Change<TView>, IEnumerable<ObjectKey>> map)
        where T : class, IKubeObject<T>
        where TView : class
        => informer.Changed += change =>
        {
            // What the first list brings is old news: what a user does meanwhile goes first.
            var priority = informer.HasSynced ? Priority.High : Priority.Low;
            foreach (var key in map(change))
                Queue.Add(key, priority);
        };

    /// <summary>Runs the workers until cancelled, and returns when the last one has stopped.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        _running = true;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => Task.Run(() => WorkAsync(cancel), CancellationToken.None)));
        }
        finally
        {
            _running = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Queue.Dispose();

    private async Task WorkAsync(CancellationToken cancel)
    {
        while (await TakeAsync(cancel) is { } item)
        {
            var start = _time.GetTimestamp();
            var (outcome, error) = await TryAsync(item.Key, cancel);
            var result = Settle(item, outcome, error, cancel);
            Queue.Done(item.Key);
            RuntimeMetrics.Reconciled(Name, result, _time.GetElapsedTime(start), item.Waited);
        }
    }

    private async Task<WorkItem<ObjectKey>?> TakeAsync(CancellationToken cancel)
    {
        try
        {
            return await Queue.TakeAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<(Outcome Outcome, Exception? Error)> TryAsync(ObjectKey key, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return (await _reconciler.ReconcileAsync(key, either.Token), null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return (default, new TimeoutException($"It took longer than {_options.Timeout}."));
        }
        catch (Exception exception)
        {
            return (default, exception);
        }
    }

    /// <summary>The whole policy of what happens after an attempt.</summary>
    private ReconcileResult Settle(WorkItem<ObjectKey> item, Outcome outcome, Exception? error, CancellationToken cancel)
    {
        var (key, priority, _) = item;
        switch (error)
        {
            case null when outcome.Again is { } delay:
                Queue.Forget(key);
                Queue.AddAfter(key, delay, priority);
                return ReconcileResult.After;

            case null:
                Queue.Forget(key);
                return ReconcileResult.Done;

            case OperationCanceledException when cancel.IsCancellationRequested:
                Queue.Add(key, priority); // for the next term of leadership
                return ReconcileResult.Cancelled;

            case TerminalException:
                Queue.Forget(key);
                RuntimeLog.ReconcileTerminal(_logger, Name, key, error.Message);
                return ReconcileResult.Terminal;

            case KubeException { NamespaceTerminating: true }:
                Queue.Forget(key);
                return ReconcileResult.Abandoned;

            case KubeException { Failure: KubeFailure.Conflict }:
                RuntimeLog.ReconcileConflict(_logger, Name, key, Queue.AddAfterFailure(key, priority, RetryDelay.AskedFor(error)));
                return ReconcileResult.Conflict;

            case KubeException:
                RuntimeLog.ReconcileFailed(_logger, Name, key, error.Message, Queue.AddAfterFailure(key, priority, RetryDelay.AskedFor(error)));
                return ReconcileResult.Error;

            default:
                RuntimeLog.ReconcileCrashed(_logger, Name, key, Queue.AddAfterFailure(key, priority), error);
                return ReconcileResult.Error;
        }
    }
}
