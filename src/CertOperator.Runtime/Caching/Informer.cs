using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// Keeps a local copy of every object of a kind: lists in pages, watches from that version, watches again from where the
/// watch ended, lists again when the server has forgotten that version and, as belt and braces, every half hour. What is
/// lost between two lists is found by comparing them, deletions included.
/// </summary>
/// <typeparam name="T">The kind.</typeparam>
/// <typeparam name="TView">What is kept of an object.</typeparam>
public sealed class Informer<T, TView> : IInformer
    where T : class, IKubeObject<T>
    where TView : class
{
    private readonly IKubeClient _client;
    private readonly InformerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly InformerCache<T, TView> _cache;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Written by the loop only; a long, because a nullable DateTimeOffset is not written in one piece.
    private long _lastSignOfLife;

    // The state of the loop: where to watch from (null: list first), when to list anew, failures in a row.
    private string? _version;
    private DateTimeOffset _relistAt;
    private int _failures;

    /// <param name="client">Where the objects are.</param>
    /// <param name="options">Which objects.</param>
    /// <param name="project">Makes the view that is kept; runs once per change, on the informer's thread.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of failures.</param>
    public Informer(IKubeClient client, InformerOptions options, Func<T, TView> project, TimeProvider time, ILogger logger)
    {
        _client = client;
        _options = options;
        _time = time;
        _logger = logger;
        Name = options.Name ?? T.Type.QualifiedName;
        _cache = new InformerCache<T, TView>(Name, project, logger);
    }

    /// <summary>Called after each change is in <see cref="Store"/>, one change at a time. Subscribe before the start.</summary>
    public event Action<Change<TView>>? Changed
    {
        add => _cache.Changed += value;
        remove => _cache.Changed -= value;
    }

    /// <summary>What is cached. Empty until the first list arrives, complete once <see cref="HasSynced"/>.</summary>
    public ObjectStore<TView> Store => _cache.Store;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool HasSynced => _synced.Task.IsCompleted;

    /// <inheritdoc/>
    public DateTimeOffset? LastSignOfLife
        => Volatile.Read(ref _lastSignOfLife) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <inheritdoc/>
    public int Count => Store.Count;

    /// <inheritdoc/>
    public int Undecodable => _cache.Undecodable;

    /// <summary>
    /// Stores what a write of this process gave back, so that the next reconciliation reads its own writes instead of a cache
    /// that lags behind. Anything older than what the server has reported meanwhile is left out.
    /// </summary>
    /// <returns>The view of what was written.</returns>
    public TView Observe(T written) => _cache.Observe(written);

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancel) => _synced.Task.WaitAsync(cancel);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (_version is null)
                    await ListAsync(cancel);
                await WatchAsync(cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                await RecoverAsync(exception, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListAsync(CancellationToken cancel)
    {
        var seen = new HashSet<ObjectKey>();
        var page = _options.Selection with { Limit = _options.PageSize, Continue = null };
        ObjectList<T> list;
        do
        {
            list = await _client.ListAsync<T>(page, cancel);
            NoteSignOfLife();
            _cache.Listing(list.ResourceVersion);
            foreach (var item in list.Items)
                seen.Add(_cache.Put(item));
            foreach (var undecodable in list.Undecodable)
                seen.Add(_cache.PutUndecodable(undecodable));
            page = page with { Continue = list.Continue };
        }
        while (!string.IsNullOrEmpty(list.Continue));

        _cache.KeepOnly(seen, list.ResourceVersion);
        _cache.Reported(list.ResourceVersion);
        _version = list.ResourceVersion;
        _relistAt = _time.GetUtcNow() + _options.RelistPeriod * (1 + Random.Shared.NextDouble() / 10);
        if (_synced.TrySetResult())
            RuntimeLog.Synced(_logger, Name, Store.Count, Undecodable);
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        var untilRelist = _relistAt - _time.GetUtcNow();
        if (untilRelist <= TimeSpan.Zero)
        {
            _version = null;
            return;
        }

        var limit = untilRelist < _options.WatchDeadline ? untilRelist : _options.WatchDeadline;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var start = _time.GetTimestamp();
        var events = 0L;
        try
        {
            await foreach (var change in _client.WatchAsync<T>(_options.Selection, _version!, either.Token).WithCancellation(either.Token))
            {
                events++;
                Apply(change);
            }
        }
        catch (Exception) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Servers end a watch earlier, and send bookmarks: complete silence is suspect, so ask for the whole truth.
            if (events == 0)
                _version = null;
            return;
        }

        if (events == 0 && _time.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            throw new KubeException(KubeFailure.Unavailable, "The server ended the watch at once.");
        NoteWatching();
    }

    private void Apply(WatchEvent<T> change)
    {
        NoteWatching();
        switch (change)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } item }:
                _cache.Put(item);
                break;
            case { Type: WatchEventType.Deleted, Object: { } item }:
                _cache.Remove(item, change.ResourceVersion);
                break;
            case { Undecodable: { } undecodable }:
                _cache.PutUndecodable(undecodable);
                break;
        }

        if (change.ResourceVersion.Length > 0)
        {
            _version = change.ResourceVersion;
            _cache.Reported(change.ResourceVersion);
        }
    }

    private Task RecoverAsync(Exception exception, CancellationToken cancel)
    {
        var failure = (exception as KubeException)?.Failure;
        // Only after a lost connection is the version certain to be good still.
        if (failure is not (KubeFailure.Unavailable or KubeFailure.Throttled))
            _version = null;
        _failures = Math.Min(_failures + 1, 1000);
        var delay = RetryDelay.AtLeast(_options.Backoff.Delay(_failures), exception);
        if (failure is null)
            RuntimeLog.InformerCrashed(_logger, Name, delay, exception);
        else if (failure is KubeFailure.Gone)
            RuntimeLog.WatchExpired(_logger, Name, delay);
        else
            RuntimeLog.InformerFailed(_logger, Name, exception.Message, delay);
        return Task.Delay(delay, _time, cancel);
    }

    private void NoteWatching()
    {
        // Not after a list: lists that succeed in turn with watches that fail would follow each other without pause.
        _failures = 0;
        NoteSignOfLife();
    }

    private void NoteSignOfLife() => Volatile.Write(ref _lastSignOfLife, _time.GetUtcNow().UtcTicks);
}
