using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Tests.Fakes;

/// <summary>
/// Just enough of an API server to put the caches, the elector and the event recorder through their failures: versions,
/// pages, watches that break off or fall silent, and objects that cannot be decoded.
/// </summary>
internal sealed class TinyServer : IKubeClient
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Path, bool Deleted, JsonObject Json)> _history = [];
    private readonly List<Channel<int>> _watchers = [];
    private readonly HashSet<string> _garbled = [];
    private readonly Queue<(string Verb, Exception? Failure)> _faults = [];
    private long _version;
    private long _oldest;

    /// <summary>Calls so far, by verb.</summary>
    public Dictionary<string, int> Calls { get; } = [];

    /// <summary>Watches keep silent: changes are stored but not told.</summary>
    public bool Silent { get; set; }

    public int Watches
    {
        get { lock (_lock) return _watchers.Count; }
    }

    /// <summary>The next call of this verb fails; without an exception it hangs until it is cancelled.</summary>
    public void FailNext(string verb, Exception? failure, int times = 1)
    {
        lock (_lock)
        {
            for (var i = 0; i < times; i++)
                _faults.Enqueue((verb, failure));
        }
    }

    /// <summary>Ends every watch, in peace or with a failure.</summary>
    public void EndWatches(Exception? failure = null)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers)
                watcher.Writer.TryComplete(failure);
        }
    }

    /// <summary>Forgets the history, as etcd does after a while.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _history.Clear();
            _oldest = ++_version;
        }
    }

    public void Garble<T>(T item) where T : class, IKubeObject<T>
    {
        lock (_lock)
        {
            _garbled.Add(Path(T.Type, KeyOf(item)));
            Store(item);
        }
    }

    public void Mend<T>(T item) where T : class, IKubeObject<T>
    {
        lock (_lock)
        {
            _garbled.Remove(Path(T.Type, KeyOf(item)));
            Store(item);
        }
    }

    /// <summary>Creates or replaces without conditions.</summary>
    public T Put<T>(T item) where T : class, IKubeObject<T>
    {
        lock (_lock) return Store(item);
    }

    public IReadOnlyList<T> All<T>() where T : class, IKubeObject<T>
    {
        lock (_lock) return [.. Of<T>().Select(pair => Decode<T>(pair.Value))];
    }

    public async Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("find", cancel);
        lock (_lock) return _objects.TryGetValue(Path(T.Type, key), out var json) ? Decode<T>(json) : null;
    }

    public async Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("list", cancel);
        lock (_lock)
        {
            var from = int.Parse(options.Continue ?? "0", CultureInfo.InvariantCulture);
            var limit = options.Limit ?? int.MaxValue;
            var all = Of<T>().ToList();
            var page = all.Skip(from).Take(limit).ToList();
            return new ObjectList<T>(
                [.. page.Where(pair => !_garbled.Contains(pair.Key)).Select(pair => Decode<T>(pair.Value))],
                Text(_version),
                from + page.Count < all.Count ? Text(from + page.Count) : null,
                [.. page.Where(pair => _garbled.Contains(pair.Key)).Select(pair => Undecodable(pair.Value))]);
        }
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ListOptions options, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        await EnterAsync("watch", cancel);
        var at = long.Parse(resourceVersion, CultureInfo.InvariantCulture);
        var wake = Channel.CreateUnbounded<int>();
        lock (_lock)
        {
            if (at < _oldest)
                throw new KubeException(KubeFailure.Gone, "too old resource version");
            _watchers.Add(wake);
        }

        try
        {
            do
            {
                foreach (var (change, version) in Since<T>(at))
                {
                    at = version;
                    yield return change;
                }
            }
            while (await wake.Reader.WaitToReadAsync(cancel) && await wake.Reader.ReadAsync(cancel) == 0);
        }
        finally
        {
            lock (_lock) _watchers.Remove(wake);
        }
    }

    public async Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("create", cancel);
        lock (_lock)
        {
            if (_objects.ContainsKey(Path(T.Type, KeyOf(desired))))
                throw new KubeException(KubeFailure.AlreadyExists, "It exists already.");
            return Store(desired);
        }
    }

    public async Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable
    {
        await EnterAsync("replace", cancel);
        lock (_lock)
        {
            if (!_objects.TryGetValue(Path(T.Type, KeyOf(changed)), out var stored))
                throw new KubeException(KubeFailure.NotFound, "It does not exist.");
            if (Decode<T>(stored).Metadata.ResourceVersion != changed.Metadata.ResourceVersion)
                throw new KubeException(KubeFailure.Conflict, "It was changed meanwhile.");
            return Store(changed);
        }
    }

    public async Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("patch", cancel);
        lock (_lock)
        {
            if (!_objects.TryGetValue(Path(T.Type, key), out var stored))
                throw new KubeException(KubeFailure.NotFound, "It does not exist.");
            var changed = (JsonObject)stored.DeepClone();
            foreach (var (field, value) in mergePatch)
                changed[field] = value?.DeepClone();
            return Store(Decode<T>(changed));
        }
    }

    public async Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("delete", cancel);
        lock (_lock)
        {
            if (_objects.Remove(Path(T.Type, key), out var json))
                Log(Path(T.Type, key), deleted: true, json);
        }
    }

    public Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>
        => throw new NotSupportedException();

    public Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>
        => throw new NotSupportedException();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Path(ResourceType type, ObjectKey key) => $"{type.QualifiedName}/{key.Namespace}/{key.Name}";

    private static ObjectKey KeyOf(IKubeObject item) => new(item.Metadata.Namespace ?? "", item.Metadata.Name ?? "");

    private static T Decode<T>(JsonObject json) where T : class, IKubeObject<T> => json.Deserialize(T.Json)!;

    private static UndecodableObject Undecodable(JsonObject json)
        => new(new ObjectKey((string)json["metadata"]!["namespace"]!, (string)json["metadata"]!["name"]!), "The colour is no colour.");

    private async Task EnterAsync(string verb, CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        (string Verb, Exception? Failure) fault;
        lock (_lock)
        {
            Calls[verb] = Calls.GetValueOrDefault(verb) + 1;
            if (!_faults.TryPeek(out fault) || fault.Verb != verb)
                return;
            _faults.Dequeue();
        }

        if (fault.Failure is not null)
            throw fault.Failure;
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private IEnumerable<KeyValuePair<string, JsonObject>> Of<T>() where T : class, IKubeObject<T>
        => _objects.Where(pair => pair.Key.StartsWith($"{T.Type.QualifiedName}/", StringComparison.Ordinal));

    private List<(WatchEvent<T> Change, long Version)> Since<T>(long version) where T : class, IKubeObject<T>
    {
        lock (_lock)
        {
            return Silent ? [] : [.. from entry in _history
                where entry.Version > version && entry.Path.StartsWith($"{T.Type.QualifiedName}/", StringComparison.Ordinal)
                select (Event<T>(entry.Path, entry.Version, entry.Deleted, entry.Json), entry.Version)];
        }
    }

    private WatchEvent<T> Event<T>(string path, long version, bool deleted, JsonObject json) where T : class, IKubeObject<T>
        => _garbled.Contains(path)
            ? new WatchEvent<T>(WatchEventType.Undecodable, null, Text(version), Undecodable(json))
            : new WatchEvent<T>(deleted ? WatchEventType.Deleted : WatchEventType.Modified, Decode<T>(json), Text(version));

    private T Store<T>(T item) where T : class, IKubeObject<T>
    {
        var path = Path(T.Type, KeyOf(item));
        var json = JsonSerializer.SerializeToNode(item, T.Json)!.AsObject();
        json["metadata"]!["uid"] = _objects.TryGetValue(path, out var former) ? (string)former["metadata"]!["uid"]! : Guid.NewGuid().ToString();
        json["metadata"]!["resourceVersion"] = Text(_version + 1);
        _objects[path] = json;
        Log(path, deleted: false, json);
        return Decode<T>(json);
    }

    private void Log(string path, bool deleted, JsonObject json)
    {
        _history.Add((++_version, path, deleted, json));
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(0);
    }
}
