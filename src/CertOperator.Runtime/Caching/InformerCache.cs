using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Caching;

/// <summary>Turns objects into stored views and tells what changed. Used by one thread, the informer's.</summary>
internal sealed class InformerCache<T, TView>(string name, Func<T, TView> project, ILogger logger)
    where T : class, IKubeObject<T>
    where TView : class
{
    private readonly HashSet<ObjectKey> _undecodable = [];
    private volatile int _undecodableCount;

    public event Action<Change<TView>>? Changed;

    public ObjectStore<TView> Store { get; } = new();

    public int Undecodable => _undecodableCount;

    public ObjectKey Put(T item)
    {
        var key = KeyOf(item);
        var version = item.Metadata.ResourceVersion;
        if (Store.Holds(key, version))
        {
            MarkDecodable(key);
            return key;
        }

        TView view;
        try
        {
            view = project(item);
        }
        catch (Exception exception)
        {
            // Not the message: it may quote what the object holds.
            return PutUndecodable(new UndecodableObject(key, $"{exception.GetType().Name} while reading it."));
        }

        MarkDecodable(key);
        Tell(new Change<TView>(key, Store.Set(key, version, view), view));
        return key;
    }

    public ObjectKey PutUndecodable(UndecodableObject undecodable)
    {
        if (_undecodable.Add(undecodable.Key))
            RuntimeLog.Undecodable(logger, name, undecodable.Key, undecodable.Reason);
        _undecodableCount = _undecodable.Count;
        return undecodable.Key;
    }

    public void Remove(T item) => Remove(KeyOf(item));

    /// <summary>Removes what a complete list did not contain.</summary>
    public void KeepOnly(HashSet<ObjectKey> seen)
    {
        foreach (var key in Store.Keys.Concat(_undecodable).Where(key => !seen.Contains(key)).ToList())
            Remove(key);
    }

    private static ObjectKey KeyOf(T item) => new(item.Metadata.Namespace ?? "", item.Metadata.Name ?? "");

    private void Remove(ObjectKey key)
    {
        MarkDecodable(key);
        if (Store.Remove(key) is { } before)
            Tell(new Change<TView>(key, before, null));
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
                RuntimeLog.SubscriberFailed(logger, name, change.Key, exception);
            }
        }
    }
}
