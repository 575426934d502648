using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Ownership;
using CertOperator.Runtime.InMemory.Resources;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>Every object of the cluster under one lock and one rising version.</summary>
internal sealed class ClusterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceStore> _resources = [];
    private readonly int _historySize;
    private long _version;

    public ClusterStore(int historySize)
    {
        _historySize = historySize;
        foreach (var resource in BuiltInResources.All) Serve(resource);
    }

    /// <summary>Taken by whoever reads and then writes. Reentrant.</summary>
    public Lock Lock => _lock;

    public long Version
    {
        get
        {
            lock (_lock) return _version;
        }
    }

    /// <summary>Read and changed under <see cref="Lock"/>.</summary>
    public OwnerReferences Owners { get; } = new();

    /// <summary>Rises with every change that may leave garbage: an owner is not there, or a namespace is ending.</summary>
    public long Litter { get; private set; }

    public int UndeliveredEvents
    {
        get
        {
            lock (_lock) return _resources.Values.Sum(store => store.UndeliveredEvents);
        }
    }

    public IReadOnlyList<ServedResource> Served
    {
        get
        {
            lock (_lock) return [.. _resources.Values.Select(store => store.Resource)];
        }
    }

    /// <exception cref="ApiStatusException">404: no such kind or version is served.</exception>
    public ServedResource Resource(ResourceType type)
    {
        lock (_lock) return Store(type).Resource;
    }

    public StoredObject? Find(ResourceType type, ObjectKey key)
    {
        lock (_lock) return Store(type).TryGet(key, out var found) ? found : null;
    }

    public IReadOnlyList<(ResourceType Type, StoredObject Object)> Everything()
    {
        lock (_lock) return [.. _resources.Values.SelectMany(store => store.Objects.Select(stored => (store.Resource.Type, stored)))];
    }

    public ObjectPage List(ResourceType type, ListRequest request)
    {
        lock (_lock)
        {
            var version = request.From?.Version ?? _version;
            var rest = Store(type).At(version).AsEnumerable();
            if (request.From is { } from) rest = rest.SkipWhile(entry => string.CompareOrdinal(entry.Key, from.LastPath) <= 0);
            var selected = rest.Where(entry => request.Selection.Matches(entry.Value.Json)).ToList();
            var page = request.Limit is > 0 and var limit ? selected[..Math.Min(limit, selected.Count)] : selected;
            var remaining = selected.Count - page.Count;
            return new ObjectPage(
                [.. page.Select(entry => entry.Value)],
                version,
                remaining == 0 ? null : new ContinueToken(version, page[^1].Key),
                remaining == 0 || request.Selection.IsFiltered ? null : remaining);
        }
    }

    /// <param name="type">Which kind.</param>
    /// <param name="selection">Which objects.</param>
    /// <param name="after">The version after which to begin; null to begin with what exists.</param>
    /// <exception cref="ApiStatusException">410: that version is forgotten.</exception>
    public Watcher Watch(ResourceType type, Selection selection, long? after)
    {
        lock (_lock)
        {
            var store = Store(type);
            return store.Watch(selection, after, Close);

            void Close(Watcher watcher)
            {
                lock (_lock) store.Close(watcher);
            }
        }
    }

    /// <summary>Stores the next state of an object under a new version.</summary>
    public StoredObject Commit(ResourceType type, StoredObject? before, JsonObject after, FieldOwnership ownership)
    {
        lock (_lock)
        {
            _version++;
            after.Metadata()["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture);
            var stored = new StoredObject(after, ownership);
            Store(type).Commit(new Change(_version, ResourceStore.PathOf(after.Key()), before, stored));
            Follow(before, after);
            if (type == BuiltInResources.CustomResourceDefinition.Type) Serve(CrdReader.Read(after));
            return stored;
        }
    }

    /// <param name="type">Its kind.</param>
    /// <param name="stored">As it is.</param>
    /// <param name="last">As watches see it go, where its last change removes it.</param>
    public void Remove(ResourceType type, StoredObject stored, StoredObject? last = null)
    {
        lock (_lock)
        {
            if (type == BuiltInResources.CustomResourceDefinition.Type) StopServing(CrdReader.Read(stored.Json).Type);
            _version++;
            Store(type).Commit(new Change(_version, ResourceStore.PathOf(stored.Json.Key()), last ?? stored, null));
            Follow(stored, null);
        }
    }

    public void SendBookmarks()
    {
        lock (_lock)
        {
            foreach (var store in _resources.Values) store.SendBookmarks(_version);
        }
    }

    public void EndWatches()
    {
        lock (_lock)
        {
            foreach (var store in _resources.Values) store.EndWatches();
        }
    }

    public void CompactHistory()
    {
        lock (_lock)
        {
            foreach (var store in _resources.Values) store.Compact(_version);
        }
    }

    private void Follow(StoredObject? before, JsonObject? after)
    {
        if (Owners.Follow(before?.Json, after) || Store(BuiltInResources.Namespace.Type).Objects.Any(ns => ns.Json.IsDeleting())) Litter++;
    }

    private void Serve(ServedResource resource)
    {
        if (TryStore(resource.Type, out var store)) store.Resource = resource;
        else _resources[resource.Type.QualifiedName] = new ResourceStore(resource, _historySize, _version);
    }

    private void StopServing(ResourceType type)
    {
        if (!TryStore(type, out var store)) return;
        foreach (var stored in store.Objects.ToList()) Remove(type, stored);
        store.EndWatches();
        _resources.Remove(type.QualifiedName);
    }

    private ResourceStore Store(ResourceType type)
        => TryStore(type, out var store) && store.Resource.Type.Version == type.Version ? store : throw Refusals.UnknownResource();

    private bool TryStore(ResourceType type, [NotNullWhen(true)] out ResourceStore? store) => _resources.TryGetValue(type.QualifiedName, out store);
}
