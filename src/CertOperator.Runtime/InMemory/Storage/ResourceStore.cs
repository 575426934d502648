using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Resources;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>
/// The objects of one kind, their recent history, and who watches them. Not thread-safe: the cluster's lock guards it.
/// </summary>
internal sealed class ResourceStore(ServedResource resource, int historySize, long bornAt)
{
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Queue<Change> _history = new();
    private readonly List<Watcher> _watchers = [];
    private long _compactedTo = bornAt;

    /// <summary>Replaced when its CustomResourceDefinition changes.</summary>
    public ServedResource Resource { get; set; } = resource;

    public IEnumerable<StoredObject> Objects => _objects.Values;

    public int UndeliveredEvents => _watchers.Sum(watcher => watcher.Undelivered);

    /// <summary>Objects are kept in the order of these paths, which is etcd's.</summary>
    public static string PathOf(ObjectKey key) => $"{key.Namespace}/{key.Name}";

    public bool TryGet(ObjectKey key, [NotNullWhen(true)] out StoredObject? found) => _objects.TryGetValue(PathOf(key), out found);

    public void Commit(Change change)
    {
        if (change.After is null) _objects.Remove(change.Path);
        else _objects[change.Path] = change.After;
        _history.Enqueue(change);
        while (_history.Count > historySize) _compactedTo = _history.Dequeue().Version;
        foreach (var watcher in _watchers)
        {
            if (change.For(watcher.Selection) is { } delivery) watcher.Offer(delivery);
        }
    }

    /// <summary>The objects as they were at a version, in order of path.</summary>
    /// <exception cref="ApiStatusException">410: that version is forgotten.</exception>
    public IReadOnlyDictionary<string, StoredObject> At(long version)
    {
        if (_history.Count == 0 || _history.Last().Version <= version) return _objects;
        if (version < _compactedTo)
        {
            throw Refusals.Expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }

        var then = new SortedDictionary<string, StoredObject>(_objects, StringComparer.Ordinal);
        foreach (var change in _history.Reverse().TakeWhile(change => change.Version > version))
        {
            if (change.Before is null) then.Remove(change.Path);
            else then[change.Path] = change.Before;
        }

        return then;
    }

    /// <summary>Opens a watch after a version; without one, what exists comes first as additions.</summary>
    /// <exception cref="ApiStatusException">410: that version is forgotten.</exception>
    public Watcher Watch(Selection selection, long? after, Action<Watcher> close)
    {
        if (after < _compactedTo)
            throw Refusals.Expired(string.Create(CultureInfo.InvariantCulture, $"too old resource version: {after} ({_compactedTo})"));
        var watcher = new Watcher(selection, Math.Max(historySize, _objects.Count) * 2, close);
        if (after is null)
        {
            foreach (var stored in _objects.Values.Where(stored => selection.Matches(stored.Json)))
                watcher.Offer(new Delivery(WatchEventType.Added, stored, long.Parse(stored.Json.ResourceVersion(), CultureInfo.InvariantCulture)));
        }
        else
        {
            foreach (var delivery in _history.Where(change => change.Version > after).Select(change => change.For(selection)).OfType<Delivery>())
                watcher.Offer(delivery);
        }

        _watchers.Add(watcher);
        return watcher;
    }

    public void SendBookmarks(long version)
    {
        foreach (var watcher in _watchers) watcher.Offer(new Delivery(WatchEventType.Bookmark, null, version));
    }

    public void EndWatches()
    {
        foreach (var watcher in _watchers) watcher.End();
    }

    /// <summary>Forgets what happened up to a version.</summary>
    public void Compact(long version)
    {
        _history.Clear();
        _compactedTo = version;
    }

    public void Close(Watcher watcher) => _watchers.Remove(watcher);
}
