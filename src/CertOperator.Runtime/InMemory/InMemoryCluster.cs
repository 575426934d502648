using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Storage;
using CertOperator.Runtime.InMemory.Traffic;

namespace CertOperator.Runtime.InMemory;

/// <summary>
/// A Kubernetes API server's objects and rules, in memory: names, versions, conflicts, validation and pruning by schema,
/// server-side apply with field ownership, finalizers, selectors, pages and watches. Thread-safe.
/// <para>
/// It does not have, and does not pretend to have: admission webhooks, RBAC, conversion between versions (only the storage
/// version of a kind is served), CEL rules, JSON patch and strategic merge patch, foreground and orphaning deletion, the
/// watch cache's own ways, schemas of built-in kinds (their unknown fields are kept), and controllers other than the
/// garbage collector: nothing runs pods or fills in endpoints.
/// </para>
/// <para>
/// The methods of this class arrange and inspect: they are neither counted in <see cref="Requests"/> nor subject to
/// <see cref="Faults"/>. Programs under test come through <see cref="InMemoryKubeClient"/>.
/// </para>
/// </summary>
public sealed class InMemoryCluster
{
    private const string DefaultManager = "in-memory-cluster";

    private readonly bool _collectAtOnce;
    private readonly GarbageCollector _garbage;
    private long _collectedAt;

    /// <summary>A cluster with the namespaces and kinds that every cluster has.</summary>
    public InMemoryCluster(TimeProvider time, InMemoryClusterOptions? options = null)
    {
        options ??= new InMemoryClusterOptions();
        Store = new ClusterStore(options.HistorySize);
        Writer = new ObjectWriter(Store, options.CreateNamespaces, time);
        _garbage = new GarbageCollector(Store, Writer);
        _collectAtOnce = options.CollectGarbageAtOnce;
        foreach (var name in new[] { "default", "kube-node-lease", "kube-public", "kube-system" }) Writer.CreateNamespace(name);
    }

    /// <summary>What goes wrong with coming requests.</summary>
    public Faults Faults { get; } = new();

    /// <summary>What clients asked for so far.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Watch events that are queued, or that a consumer holds: it has finished one when it asks for the next.</summary>
    public int UndeliveredEvents => Store.UndeliveredEvents;

    internal ClusterStore Store { get; }

    internal ObjectWriter Writer { get; }

    /// <summary>Serves the kind that a CustomResourceDefinition (v1) defines, from now on.</summary>
    /// <exception cref="ApiStatusException">The definition is not valid.</exception>
    public void RegisterCrd(JsonObject crd) => Apply(crd);

    /// <summary>The served kind of a document.</summary>
    /// <exception cref="ApiStatusException">404: it is not served.</exception>
    public ResourceType TypeOf(string apiVersion, string kind)
        => Store.Served.FirstOrDefault(resource => resource.Type.ApiVersion == apiVersion && resource.Type.Kind == kind)?.Type
            ?? throw new ApiStatusException(404, "NotFound", $"no matches for kind \"{kind}\" in version \"{apiVersion}\"");

    /// <summary>Reads one object; null if it does not exist.</summary>
    public JsonObject? Find(ResourceType type, ObjectKey key) => Store.Find(type, key)?.Json.DeepClone().AsObject();

    /// <summary>Reads all objects of a kind, of one namespace or of all.</summary>
    public IReadOnlyList<JsonObject> List(ResourceType type, string? ns = null)
        => [.. Store.List(type, new ListRequest(Selection.Everything with { Namespace = ns })).Items.Select(stored => stored.Json.DeepClone().AsObject())];

    /// <summary>Creates what a document describes, in namespace <c>default</c> if it names none.</summary>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public JsonObject Create(JsonObject document) => Copy(Tidied(() => Writer.Create(Target(document, DefaultManager), document)));

    /// <summary>Creates or updates what a document describes by server-side apply, taking over fields.</summary>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public JsonObject Apply(JsonObject document, string manager = DefaultManager)
        => Copy(Tidied(() => Writer.Apply(Target(document, manager), document, force: true).Object));

    /// <summary>Changes an object by JSON merge patch (RFC 7386).</summary>
    /// <exception cref="ApiStatusException">It is refused.</exception>
    public JsonObject Patch(ResourceType type, ObjectKey key, JsonObject mergePatch, string subresource = "")
        => Copy(Tidied(() => Writer.Patch(new WriteTarget(type, key, DefaultManager, subresource), mergePatch)));

    /// <summary>Deletes in the background; what has finalizers is only marked.</summary>
    /// <exception cref="ApiStatusException">404: it does not exist.</exception>
    public void Delete(ResourceType type, ObjectKey key)
        => Tidied(() => Writer.Delete(new WriteTarget(type, key, DefaultManager), null, null));

    /// <summary>Deletes what has owners and has lost them all, and what is in namespaces that are being deleted.</summary>
    public void CollectGarbage() => _garbage.Collect();

    /// <summary>Forgets the past: watches and lists that would go on from it get 410.</summary>
    public void CompactHistory() => Store.CompactHistory();

    /// <summary>Ends all watches, as a server does now and then.</summary>
    public void DropWatches() => Store.EndWatches();

    /// <summary>Tells every watch how far the cluster is.</summary>
    public void SendBookmarks() => Store.SendBookmarks();

    /// <summary>Does what a client asks for: counted, and subject to faults.</summary>
    internal async Task<T> ServeAsync<T>(ApiRequest request, Func<T> operation, CancellationToken cancel)
    {
        Requests.Add(request);
        return await Faults.RunAsync(request, () => Tidied(operation), cancel).ConfigureAwait(false);
    }

    private static JsonObject Copy(StoredObject stored) => stored.Json.DeepClone().AsObject();

    private WriteTarget Target(JsonObject document, string manager)
    {
        var type = TypeOf(document["apiVersion"].Text() ?? "", document["kind"].Text() ?? "");
        var ns = !type.Namespaced ? "" : document.Namespace().Length > 0 ? document.Namespace() : "default";
        return new WriteTarget(type, new ObjectKey(ns, document.Name()), manager);
    }

    private T Tidied<T>(Func<T> operation)
    {
        var result = operation();
        // Read before, for what others drop meanwhile.
        var litter = Store.Litter;
        if (!_collectAtOnce || litter == Interlocked.Read(ref _collectedAt)) return result;
        _garbage.Collect();
        Interlocked.Exchange(ref _collectedAt, litter);
        return result;
    }
}
