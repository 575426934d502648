using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Fakes;

/// <summary>
/// The in-memory cluster behind a bad network: calls fail or hang, watches break off or lose events, and objects turn into
/// what cannot be decoded.
/// </summary>
internal sealed class UnreliableServer : IKubeClient
{
    private readonly Lock _lock = new();
    private readonly InMemoryCluster _cluster;
    private readonly InMemoryKubeClient _client;
    private readonly Dictionary<string, Queue<Exception?>> _faults = [];
    private readonly Dictionary<string, int> _calls = [];
    private readonly List<CancellationTokenSource> _watches = [];
    private Exception? _breakage;

    public UnreliableServer(TimeProvider time)
    {
        _cluster = new InMemoryCluster(time, new InMemoryClusterOptions { CreateNamespaces = true });
        _cluster.RegisterCrd(Marble.Crd);
        _client = new InMemoryKubeClient(_cluster);
    }

    /// <summary>Watches lose every event.</summary>
    public bool Silent { get; set; }

    /// <summary>Open watches.</summary>
    public int Watches
    {
        get { lock (_lock) return _watches.Count; }
    }

    /// <summary>Calls so far of this verb.</summary>
    public int Calls(string verb)
    {
        lock (_lock) return _calls.GetValueOrDefault(verb);
    }

    /// <summary>The next calls of this verb fail; without a failure they hang until they are cancelled.</summary>
    public void FailNext(string verb, Exception? failure, int times = 1)
    {
        lock (_lock)
        {
            _faults.TryAdd(verb, []);
            for (var i = 0; i < times; i++)
                _faults[verb].Enqueue(failure);
        }
    }

    /// <summary>Ends every watch, in peace or with a failure.</summary>
    public void EndWatches(Exception? failure = null)
    {
        lock (_lock)
        {
            _breakage = failure;
            foreach (var watch in _watches.ToArray())
                watch.Cancel();
        }
    }

    /// <summary>Forgets the past, as etcd does after a while.</summary>
    public void Compact() => _cluster.CompactHistory();

    /// <summary>Creates or changes an object without conditions; only its name and labels count of its metadata.</summary>
    public T Put<T>(T item) where T : class, IKubeObject<T> => Decode<T>(_cluster.Apply(Document(item)));

    /// <summary>Makes the colour of a marble something that is no text.</summary>
    public void Garble(string name)
    {
        var document = Document(Marble.Named(name));
        document["color"] = new JsonObject { ["hue"] = 7 };
        _cluster.Apply(document);
    }

    public IReadOnlyList<T> All<T>() where T : class, IKubeObject<T> => [.. _cluster.List(T.Type).Select(Decode<T>)];

    public async Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("find", cancel);
        return await _client.FindAsync<T>(key, cancel);
    }

    public async Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("list", cancel);
        return await _client.ListAsync<T>(options, cancel);
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ListOptions options, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        await EnterAsync("watch", cancel);
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var events = _client.WatchAsync<T>(options, resourceVersion, open.Token).GetAsyncEnumerator(open.Token);
        lock (_lock) _watches.Add(open);
        try
        {
            while (await NextAsync(events, cancel))
            {
                if (!Silent)
                    yield return events.Current;
            }
        }
        finally
        {
            lock (_lock) _watches.Remove(open);
        }
    }

    public async Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("create", cancel);
        return await _client.CreateAsync(desired, cancel);
    }

    public async Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("apply", cancel);
        return await _client.ApplyAsync(desired, fieldManager, force, cancel);
    }

    public async Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("apply status", cancel);
        return await _client.ApplyStatusAsync(desired, fieldManager, cancel);
    }

    public async Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("patch", cancel);
        return await _client.PatchAsync<T>(key, mergePatch, cancel);
    }

    public async Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable
    {
        await EnterAsync("replace", cancel);
        return await _client.ReplaceAsync(changed, cancel);
    }

    public async Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        await EnterAsync("delete", cancel);
        await _client.DeleteAsync<T>(key, uid, cancel);
    }

    private static T Decode<T>(JsonObject json) where T : class, IKubeObject<T> => json.Deserialize(T.Json)!;

    private static JsonObject Document<T>(T item) where T : class, IKubeObject<T>
    {
        var document = JsonSerializer.SerializeToNode(item, T.Json)!.AsObject();
        var metadata = new ObjectMeta { Name = item.Metadata.Name, Namespace = item.Metadata.Namespace, Labels = item.Metadata.Labels };
        document["metadata"] = JsonSerializer.SerializeToNode(metadata, RuntimeJson.Default.ObjectMeta);
        return document;
    }

    private async Task<bool> NextAsync<T>(IAsyncEnumerator<WatchEvent<T>> events, CancellationToken cancel) where T : class
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return _breakage is null ? false : throw _breakage;
        }
    }

    private async Task EnterAsync(string verb, CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        Exception? failure;
        lock (_lock)
        {
            _calls[verb] = _calls.GetValueOrDefault(verb) + 1;
            if (!_faults.TryGetValue(verb, out var faults) || !faults.TryDequeue(out failure))
                return;
        }

        if (failure is not null)
            throw failure;
        await Task.Delay(Timeout.Infinite, cancel);
    }
}
