using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Controllers;

/// <summary>
/// Runs everything in order: caches on every replica, workers only after all caches are in sync and, where there is an
/// elector, only while this replica leads.
/// </summary>
public sealed class Manager : IDisposable
{
    private readonly IReadOnlyList<IInformer> _informers;
    private readonly IReadOnlyList<Controller> _controllers;
    private readonly LeaseElector? _elector;
    private readonly EventRecorder? _events;
    private readonly IDisposable _metrics;

    /// <param name="informers">The caches.</param>
    /// <param name="controllers">What works on them.</param>
    /// <param name="elector">Decides which replica works; null: this one is alone.</param>
    /// <param name="events">Written while the manager runs, and to the last when it stops.</param>
    /// <param name="time">The clock.</param>
    public Manager(
        IReadOnlyList<IInformer> informers,
        IReadOnlyList<Controller> controllers,
        LeaseElector? elector,
        EventRecorder? events,
        TimeProvider time)
    {
        _informers = informers;
        _controllers = controllers;
        _elector = elector;
        _events = events;
        Health = new RuntimeHealth(informers, time);
        _metrics = RuntimeMetrics.Observe(informers, controllers, () => IsLeader, time);
    }

    /// <summary>Answers the probes.</summary>
    public RuntimeHealth Health { get; }

    /// <summary>The workers may run here.</summary>
    public bool IsLeader => _elector?.IsLeader ?? true;

    /// <summary>
    /// Runs until cancelled and returns when all is stopped. When leadership is lost the workers stop, and start again when
    /// it is regained.
    /// </summary>
    /// <exception cref="LeadershipLostException">Workers did not stop in time after leadership was lost: exit at once.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stopEvents = new CancellationTokenSource();
        var events = _events?.RunAsync(stopEvents.Token) ?? Task.CompletedTask;
        try
        {
            var running = _informers.Select(informer => informer.RunAsync(stop.Token)).Append(WorkAsync(stop.Token)).ToList();
            // All of them run until they are told to stop; should one fail, it takes the others along.
            await await Task.WhenAny(running);
            await stop.CancelAsync();
            await Task.WhenAll(running);
            Health.NoteStopped("it was told to stop.");
        }
        catch (Exception exception)
        {
            Health.NoteStopped(exception.Message);
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await stopEvents.CancelAsync();
            await events;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics.Dispose();

    private async Task WorkAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(cancel)));
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await (_elector is null ? RunControllersAsync(cancel) : _elector.RunAsync(RunControllersAsync, cancel));
    }

    private Task RunControllersAsync(CancellationToken cancel)
        => Task.WhenAll(_controllers.Select(controller => controller.RunAsync(cancel)));
}
