using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Storage;
using CertOperator.Runtime.InMemory.Traffic;

namespace CertOperator.Runtime.InMemory;

/// <summary>The port to an <see cref="InMemoryCluster"/>. Objects cross it as JSON, so that nobody shares one with the cluster.</summary>
/// <param name="cluster">Where the objects are.</param>
/// <param name="fieldManager">Owner of the fields that creates, patches and replaces write.</param>
public sealed class InMemoryKubeClient(InMemoryCluster cluster, string fieldManager = "cert-operator") : IKubeClient
{
    /// <inheritdoc/>
    public async Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var found = await CallAsync(ApiRequest.For("get", T.Type), () => cluster.Store.Find(T.Type, Checked<T>(key)), cancel).ConfigureAwait(false);
        return found is null ? null : Decode<T>(found);
    }

    /// <inheritdoc/>
    public async Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var page = await CallAsync(
            ApiRequest.For("list", T.Type),
            () => cluster.Store.List(T.Type, new ListRequest(Select<T>(options), options.Limit, ContinueToken.Parse(options.Continue))),
            cancel).ConfigureAwait(false);
        var items = new List<T>(page.Items.Count);
        var undecodable = new List<UndecodableObject>();
        foreach (var stored in page.Items)
        {
            if (TryDecode<T>(stored, out var problem) is { } item) items.Add(item);
            else undecodable.Add(problem!);
        }

        return new ObjectList<T>(items, page.Version.ToString(CultureInfo.InvariantCulture), page.Next?.ToString(), undecodable);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ListOptions options, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        using var watcher = await CallAsync(
            ApiRequest.For("watch", T.Type),
            () => cluster.Store.Watch(T.Type, Select<T>(options), WatchStart.Parse(resourceVersion)),
            cancel).ConfigureAwait(false);
        await foreach (var delivery in watcher.ReadAsync(cancel).ConfigureAwait(false))
        {
            var version = delivery.Version.ToString(CultureInfo.InvariantCulture);
            if (delivery.Object is not { } stored) yield return new WatchEvent<T>(WatchEventType.Bookmark, null, version);
            else if (TryDecode<T>(stored, out var problem) is { } item) yield return new WatchEvent<T>(delivery.Type, item, version);
            else yield return new WatchEvent<T>(WatchEventType.Undecodable, null, version, problem);
        }
    }

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>
        => WriteAsync<T>("create", "", () =>
        {
            var json = Encode(desired);
            return cluster.Writer.Create(Target<T>(json.Key() with { Name = "" }), json);
        }, cancel);

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>
        => WriteAsync<T>("patch", "", () =>
        {
            var json = Encode(desired);
            var (stored, created) = cluster.Writer.Apply(new WriteTarget(T.Type, Named(json), fieldManager), json, force);
            if (created) cluster.Requests.Add(ApiRequest.For("create", T.Type));
            return stored;
        }, cancel);

    /// <inheritdoc/>
    public Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>
        => WriteAsync<T>("patch", "status", () =>
        {
            var json = Encode(desired);
            return cluster.Writer.Apply(new WriteTarget(T.Type, Named(json), fieldManager, "status"), json, force: true).Object;
        }, cancel);

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>
        => WriteAsync<T>("patch", "", () => cluster.Writer.Patch(Target<T>(Checked<T>(key)), mergePatch), cancel);

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable
        => WriteAsync<T>("update", "", () =>
        {
            var json = Encode(changed);
            return cluster.Writer.Replace(Target<T>(Named(json)), json);
        }, cancel);

    /// <inheritdoc/>
    public async Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>
        => await CallAsync(
            ApiRequest.For("delete", T.Type),
            () => cluster.Store.Find(T.Type, Checked<T>(key)) is null ? null : cluster.Writer.Delete(Target<T>(key), uid, null),
            cancel).ConfigureAwait(false);

    private static JsonObject Encode<T>(T value) where T : class, IKubeObject<T> => JsonSerializer.SerializeToNode(value, T.Json)!.AsObject();

    private static T Decode<T>(StoredObject stored) where T : class, IKubeObject<T>
        => TryDecode<T>(stored, out var problem)
            ?? throw new KubeException(KubeFailure.Other, $"{T.Type.Kind} {problem!.Key} cannot be read: {problem.Reason}");

    private static T? TryDecode<T>(StoredObject stored, out UndecodableObject? problem) where T : class, IKubeObject<T>
    {
        try
        {
            problem = null;
            return stored.Json.Deserialize(T.Json)!;
        }
        catch (JsonException exception)
        {
            problem = new UndecodableObject(stored.Json.Key(), $"the value at {exception.Path} does not fit its type.");
            return null;
        }
    }

    private static ObjectKey Named(JsonObject json)
        => json.Name().Length > 0 ? json.Key() : throw Refusals.BadRequest("name must be provided");

    private static ObjectKey Checked<T>(ObjectKey key) where T : class, IKubeObject<T>
    {
        ObjectAddress.Check(T.Type, key);
        return key;
    }

    private WriteTarget Target<T>(ObjectKey key) where T : class, IKubeObject<T> => new(T.Type, key, fieldManager);

    private Selection Select<T>(ListOptions options) where T : class, IKubeObject<T>
        => new(options.Namespace, LabelSelector.Parse(options.LabelSelector), FieldSelector.Parse(options.FieldSelector, cluster.Store.Resource(T.Type)));

    private async Task<T> WriteAsync<T>(string verb, string subresource, Func<StoredObject> write, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => Decode<T>(await CallAsync(ApiRequest.For(verb, T.Type, subresource), write, cancel).ConfigureAwait(false));

    private async Task<TResult> CallAsync<TResult>(ApiRequest request, Func<TResult> operation, CancellationToken cancel)
    {
        try
        {
            return await cluster.ServeAsync(request, operation, cancel).ConfigureAwait(false);
        }
        catch (ApiStatusException refusal)
        {
            throw refusal.ToKubeException();
        }
    }
}
