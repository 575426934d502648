using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// Brings the objects of a kind, in one namespace or in all, into a cache: lists in pages, watches from that version, watches
/// again from where the watch ended, lists again when the server has forgotten that version and, as belt and braces, every
/// half hour. What is lost between two lists is found by comparing them, deletions included.
/// </summary>
/// <param name="client">Where the objects are.</param>
/// <param name="options">Which objects.</param>
/// <param name="namespace">Their namespace; null for all.</param>
/// <param name="cache">Where they are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of failures.</param>
internal sealed class Reflector<T, TView>(
    IKubeClient client, InformerOptions options, string? @namespace, InformerCache<T, TView> cache, TimeProvider time, ILogger logger)
    where T : class, IKubeObject<T>
    where TView : class
{
    /// <summary>Less than the silence after which a cache is not trusted any more.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(5);

    /// <summary>Failures in a row, after which nobody waits any more for what is optional.</summary>
    private const int Patience = 5;

    private readonly string _name = @namespace is null ? cache.Name : $"{cache.Name} in {@namespace}";
    private readonly ListOptions _selection = options.Selection with { Namespace = @namespace };
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRefused;

    // Written by the loop only; a long, because a nullable DateTimeOffset is not written in one piece.
    private long _lastSignOfLife;

    // The state of the loop: where to watch from (null: list first), when to list anew, failures in a row.
    private string? _version;
    private DateTimeOffset _relistAt;
    private int _failures;

    /// <summary>Ends when the first list is complete, or refused where that may be.</summary>
    public Task Synced => _synced.Task;

    /// <summary>See <see cref="InformerOptions.MayBeRefused"/> and <see cref="InformerOptions.IsOptional"/>.</summary>
    public bool IsRefused => _isRefused;

    /// <summary>Null for all.</summary>
    public string? Namespace => @namespace;

    public DateTimeOffset? LastSignOfLife
        => Volatile.Read(ref _lastSignOfLife) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Lists and watches until cancelled, and then returns. No failure ends it.</summary>
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
            catch (KubeException refused) when (MayGoWithout(refused))
            {
                await StandAsideAsync(refused, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        var page = _selection with { Limit = options.PageSize, Continue = null };
        ObjectList<T> list;
        do
        {
            list = await client.ListAsync<T>(page, cancel);
            NoteSignOfLife();
            cache.Listing(@namespace, list.ResourceVersion);
            foreach (var item in list.Items)
                seen.Add(cache.Put(item));
            foreach (var undecodable in list.Undecodable)
                seen.Add(cache.PutUndecodable(undecodable));
            page = page with { Continue = list.Continue };
        }
        while (!string.IsNullOrEmpty(list.Continue));

        cache.KeepOnly(@namespace, seen, list.ResourceVersion);
        cache.Reported(@namespace, list.ResourceVersion);
        _version = list.ResourceVersion;
        _relistAt = time.GetUtcNow() + options.RelistPeriod * (1 + Random.Shared.NextDouble() / 10);
        if (_synced.TrySetResult() || _isRefused)
            RuntimeLog.Synced(logger, _name, seen.Count, cache.Undecodable);
        _isRefused = false;
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        var untilRelist = _relistAt - time.GetUtcNow();
        if (untilRelist <= TimeSpan.Zero)
        {
            _version = null;
            return;
        }

        var limit = untilRelist < options.WatchDeadline ? untilRelist : options.WatchDeadline;
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        var start = time.GetTimestamp();
        var events = 0L;
        try
        {
            await foreach (var change in client.WatchAsync<T>(_selection, _version!, either.Token).WithCancellation(either.Token))
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

        if (events == 0 && time.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            throw new KubeException(KubeFailure.Unavailable, "The server ended the watch at once.");
        NoteWatching();
    }

    private void Apply(WatchEvent<T> change)
    {
        NoteWatching();
        switch (change)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } item }:
                cache.Put(item);
                break;
            case { Type: WatchEventType.Deleted, Object: { } item }:
                cache.Remove(item, change.ResourceVersion);
                break;
            case { Undecodable: { } undecodable }:
                cache.PutUndecodable(undecodable);
                break;
        }

        if (change.ResourceVersion.Length > 0)
        {
            _version = change.ResourceVersion;
            cache.Reported(@namespace, change.ResourceVersion);
        }
    }

    private bool MayGoWithout(KubeException refused)
        => options.IsOptional && (refused.Failure is KubeFailure.Forbidden or KubeFailure.NotFound || _failures >= Patience)
        || options.MayBeRefused && refused.Failure is KubeFailure.Forbidden && (_isRefused || !_synced.Task.IsCompleted);

    /// <summary>
    /// Goes without the kind. The right may be given yet, the kind be defined, and a server that has just started refuses what is granted
    /// and does not know what is defined: what was seen before stays.
    /// </summary>
    private Task StandAsideAsync(KubeException refused, CancellationToken cancel)
    {
        NoteSignOfLife();
        if (!_isRefused)
            TellWhy(refused);
        (_isRefused, _version) = (true, null);
        _synced.TrySetResult();
        return Task.Delay(AskAgain, time, cancel);
    }

    private void TellWhy(KubeException refused)
    {
        if (refused.Failure is KubeFailure.NotFound)
            RuntimeLog.KindMissing(logger, _name);
        else if (refused.Failure is KubeFailure.Forbidden)
            RuntimeLog.InformerRefused(logger, _name, refused.Message);
        else
            RuntimeLog.DoneWithout(logger, _name, refused.Message);
    }

    private Task RecoverAsync(Exception exception, CancellationToken cancel)
    {
        var failure = (exception as KubeException)?.Failure;
        // Only after a lost connection is the version certain to be good still.
        if (failure is not (KubeFailure.Unavailable or KubeFailure.Throttled))
            _version = null;
        _failures = Math.Min(_failures + 1, 1000);
        var delay = RetryDelay.AtLeast(options.Backoff.Delay(_failures), exception);
        if (failure is null)
            RuntimeLog.InformerCrashed(logger, _name, delay, exception);
        else if (failure is KubeFailure.Gone)
            RuntimeLog.WatchExpired(logger, _name, delay);
        else
            RuntimeLog.InformerFailed(logger, _name, exception.Message, delay);
        return Task.Delay(delay, time, cancel);
    }

    private void NoteWatching()
    {
        // Not after a list: lists that succeed in turn with watches that fail would follow each other without pause.
        _failures = 0;
        NoteSignOfLife();
    }

    private void NoteSignOfLife() => Volatile.Write(ref _lastSignOfLife, time.GetUtcNow().UtcTicks);
}
