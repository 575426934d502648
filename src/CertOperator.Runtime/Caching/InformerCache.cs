using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// Turns objects into stored views and tells what changed. The informer brings what the server reports, in its order;
/// <see cref="Observe"/> brings what this process wrote itself, at any time.
/// </summary>
internal sealed class InformerCache<T, TView>(string name, Func<T, TView> project, ILogger logger)
    where T : class, IKubeObject<T>
    where TView : class
{
    private readonly Lock _lock = new();
    private readonly HashSet<ObjectKey> _undecodable = [];
    private volatile int _undecodableCount;

    // By namespace, or by "" for all: everything up to this version was reported by the server, and what Observe brings of it is old.
    private readonly Dictionary<string, ResourceVersion> _reported = [];

    public event Action<Change<TView>>? Changed;

    public string Name { get; } = name;

    public ObjectStore<TView> Store { get; } = new();

    public int Undecodable => _undecodableCount;

    public ObjectKey Put(T item)
    {
        var key = KeyOf(item);
        lock (_lock)
        {
            MarkDecodable(key);
            if (Store.VersionOf(key) is { } held && (held == item.Metadata.ResourceVersion || new ResourceVersion(held).IsNewerThan(item.Metadata.ResourceVersion)))
                return key;
            try
            {
                Set(key, item, project(item));
                return key;
            }
            catch (Exception exception)
            {
                // Not the message: it may quote what the object holds.
                return PutUndecodable(new UndecodableObject(key, $"{exception.GetType().Name} while reading it."));
            }
        }
    }

    /// <summary>Stores what a write gave back, unless the server has reported that far already.</summary>
    public TView Observe(T written)
    {
        var view = project(written);
        var key = KeyOf(written);
        var version = written.Metadata.ResourceVersion;
        lock (_lock)
        {
            bool old = !new ResourceVersion(version).IsNewerThan(ReportedFor(key).Text) || !new ResourceVersion(version).IsNewerThan(Store.VersionOf(key));
            if (!old)
                Set(key, written, view);
        }

        return view;
    }

    /// <summary>
    /// A list of this version is about to come. One that is older than what was reported means that the server was restored
    /// from a backup: then nothing that is stored is newer than the list.
    /// </summary>
    public void Listing(string? @namespace, string version)
    {
        lock (_lock)
        {
            if (_reported.TryGetValue(@namespace ?? "", out var reported) && reported.IsNewerThan(version))
                Store.ForgetVersions();
        }
    }

    /// <summary>The server has reported everything in a namespace, or (null) in all, up to this version.</summary>
    public void Reported(string? @namespace, string version)
    {
        lock (_lock)
            _reported[@namespace ?? ""] = new ResourceVersion(version);
    }

    public ObjectKey PutUndecodable(UndecodableObject undecodable)
    {
        lock (_lock)
        {
            if (_undecodable.Add(undecodable.Key))
                RuntimeLog.Undecodable(logger, Name, undecodable.Key, undecodable.Reason);
            _undecodableCount = _undecodable.Count;
            return undecodable.Key;
        }
    }

    /// <summary>The server reports a deletion, which is old news if this process has made the object anew since.</summary>
    public void Remove(T item, string version)
    {
        lock (_lock)
        {
            var key = KeyOf(item);
            if (!new ResourceVersion(Store.VersionOf(key)).IsNewerThan(version))
                Remove(key);
        }
    }

    /// <summary>Removes what a complete list, of a namespace or (null) of all, did not contain, but for what was written after it was made.</summary>
    public void KeepOnly(string? @namespace, HashSet<ObjectKey> seen, string listVersion)
    {
        lock (_lock)
        {
            foreach (var key in Store.Keys.Concat(_undecodable).Where(key => (@namespace is null || key.Namespace == @namespace) && !seen.Contains(key)).ToList())
            {
                if (!new ResourceVersion(Store.VersionOf(key)).IsNewerThan(listVersion))
                    Remove(key);
            }
        }
    }

    private ResourceVersion ReportedFor(ObjectKey key)
        => _reported.TryGetValue(key.Namespace, out var reported) ? reported : _reported.GetValueOrDefault("");

    private void Set(ObjectKey key, T item, TView view)
        => Tell(new Change<TView>(key, Store.Set(key, item.Metadata.ResourceVersion, view), view));

    private static ObjectKey KeyOf(T item) => new(item.Metadata.Namespace ?? "", item.Metadata.Name ?? "");

    private void Remove(ObjectKey key)
    {
        lock (_lock)
        {
            MarkDecodable(key);
            if (Store.Remove(key) is { } before)
                Tell(new Change<TView>(key, before, null));
        }
    }

    private void MarkDecodable(ObjectKey key)
    {
        if (_undecodable.Remove(key))
            _undecodableCount = _undecodable.Count;
    }

    private void Tell(Change<TView> change)
    {
        foreach (var subscriber in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                subscriber(change);
            }
            catch (Exception exception)
            {
                // One broken subscriber must not end the cache of all the others.
                RuntimeLog.SubscriberFailed(logger, Name, change.Key, exception);
            }
        }
    }
}
