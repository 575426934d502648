using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// The objects that an informer has seen, by key and by index. Reads are snapshots and may come from any thread; only the
/// informer writes. Views are shared: never change one.
/// </summary>
public sealed class ObjectStore<TView>
    where TView : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Entry> _entries = [];
    private readonly Dictionary<string, Index<TView>> _indexes = [];

    /// <summary>Number of objects.</summary>
    public int Count
    {
        get { lock (_lock) return _entries.Count; }
    }

    /// <summary>All objects, in no order.</summary>
    public IReadOnlyList<TView> All
    {
        get { lock (_lock) return [.. _entries.Values.Select(entry => entry.View)]; }
    }

    /// <summary>The keys of all objects, in no order.</summary>
    public IReadOnlyList<ObjectKey> Keys
    {
        get { lock (_lock) return [.. _entries.Keys]; }
    }

    /// <summary>Makes objects findable by values computed from them. Before the informer starts.</summary>
    public void AddIndex(string name, Func<ObjectKey, TView, IEnumerable<string>> values)
    {
        lock (_lock)
        {
            if (_entries.Count > 0)
                throw new InvalidOperationException($"The index {name} comes too late: the store holds objects already.");
            _indexes.Add(name, new Index<TView>(values));
        }
    }

    /// <summary>One object; null if there is none.</summary>
    public TView? Find(ObjectKey key)
    {
        lock (_lock) return _entries.GetValueOrDefault(key).View;
    }

    /// <summary>The objects that have this value in an index, in no order.</summary>
    public IReadOnlyList<TView> Lookup(string index, string value)
    {
        lock (_lock) return [.. _indexes[index].Find(value).Select(key => _entries[key].View)];
    }

    /// <summary>The keys of the objects that have this value in an index, in no order.</summary>
    public IReadOnlyList<ObjectKey> LookupKeys(string index, string value)
    {
        lock (_lock) return [.. _indexes[index].Find(value)];
    }

    /// <summary>The resourceVersion of a stored object; null if it is not stored.</summary>
    internal string? VersionOf(ObjectKey key)
    {
        lock (_lock) return _entries.GetValueOrDefault(key).ResourceVersion;
    }

    /// <summary>Makes every stored object older than whatever comes.</summary>
    internal void ForgetVersions()
    {
        lock (_lock)
        {
            foreach (var (key, entry) in _entries)
                _entries[key] = entry with { ResourceVersion = null };
        }
    }

    /// <summary>Stores a view; returns the former one.</summary>
    internal TView? Set(ObjectKey key, string? resourceVersion, TView view)
    {
        lock (_lock)
        {
            var before = _entries.GetValueOrDefault(key).View;
            _entries[key] = new Entry(resourceVersion, view);
            foreach (var index in _indexes.Values)
                index.Set(key, view);
            return before;
        }
    }

    /// <summary>Removes a view and returns it.</summary>
    internal TView? Remove(ObjectKey key)
    {
        lock (_lock)
        {
            if (!_entries.Remove(key, out var before))
                return null;
            foreach (var index in _indexes.Values)
                index.Remove(key);
            return before.View;
        }
    }

    private readonly record struct Entry(string? ResourceVersion, TView View);
}
