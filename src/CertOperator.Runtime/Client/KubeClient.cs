using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client.Http;

namespace CertOperator.Runtime.Client;

/// <summary>
/// The API server over HTTP/2. Reads are repeated once when the connection fails, writes never; a call takes at most
/// 30 s, a watch lasts 4 to 5 minutes.
/// </summary>
public sealed class KubeClient : IKubeClient, IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    private readonly KubeTransport _transport;

    /// <param name="config">Where the settings come from; read now, and again when the server refuses them.</param>
    /// <param name="userAgent">This program as <c>name/version</c>; the name is the field manager of creates, replaces and merge patches.</param>
    /// <param name="time">Measures time limits.</param>
    /// <exception cref="KubeConfigException">The settings cannot be used.</exception>
    public KubeClient(KubeConfig config, string userAgent, TimeProvider time)
        => _transport = new KubeTransport(config, userAgent, CallTimeout, time);

    /// <summary>The server that this client speaks to.</summary>
    public Uri Server => _transport.Connection.Server;

    /// <summary>The namespace of the kubeconfig's context or of the pod; null if neither names one.</summary>
    public string? Namespace => _transport.Connection.Namespace;

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <inheritdoc/>
    public Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var request = new KubeRequest { Method = HttpMethod.Get, Verb = "read", Type = T.Type, Key = key, MayBeAbsent = true };
        return _transport.CallAsync(
            request,
            async (response, limit) => response.StatusCode == HttpStatusCode.NotFound
                ? null
                : await ReadObjectAsync<T>(request, response, limit).ConfigureAwait(false),
            cancel);
    }

    /// <inheritdoc/>
    public Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var request = new KubeRequest
        {
            Method = HttpMethod.Get,
            Verb = "list",
            Type = T.Type,
            Namespace = options.Namespace,
            Query = KubePath.Query(
                ("labelSelector", options.LabelSelector),
                ("fieldSelector", options.FieldSelector),
                ("limit", KubePath.Number(options.Limit)),
                ("continue", options.Continue)),
        };
        return _transport.CallAsync(request, (response, limit) => ReadListAsync<T>(request, response, limit), cancel);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ListOptions options, string resourceVersion, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        // Not all watches of all replicas at the same moment.
        var seconds = Random.Shared.Next(240, 301);
        var request = new KubeRequest
        {
            Method = HttpMethod.Get,
            Verb = "watch",
            IsWatch = true,
            Type = T.Type,
            Namespace = options.Namespace,
            Query = KubePath.Query(
                ("watch", "true"),
                ("allowWatchBookmarks", "true"),
                ("resourceVersion", resourceVersion),
                ("timeoutSeconds", KubePath.Number(seconds)),
                ("labelSelector", options.LabelSelector),
                ("fieldSelector", options.FieldSelector)),
        };
        using var watch = await KubeWatch<T>.OpenAsync(_transport, request, TimeSpan.FromSeconds(seconds) + WatchGrace, cancel).ConfigureAwait(false);
        while (await watch.NextAsync(cancel).ConfigureAwait(false) is { } change) yield return change;
    }

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>
        => WriteAsync<T>(new KubeRequest { Method = HttpMethod.Post, Verb = "create", Type = T.Type, Key = Key(desired), Body = Json(desired) }, cancel);

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>
        => ApplyAsync(desired, "apply", "", fieldManager, force, cancel);

    /// <inheritdoc/>
    public Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>
        => ApplyAsync(desired, "apply the status of", "/status", fieldManager, force: true, cancel);

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var request = new KubeRequest
        {
            Method = HttpMethod.Patch,
            Verb = "patch",
            Type = T.Type,
            Key = key,
            Body = Json(mergePatch),
            ContentType = "application/merge-patch+json",
        };
        return WriteAsync<T>(request, cancel);
    }

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable
        => WriteAsync<T>(new KubeRequest { Method = HttpMethod.Put, Verb = "replace", Type = T.Type, Key = Key(changed), Body = Json(changed) }, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "v1", ["propagationPolicy"] = "Background" };
        if (uid is not null) options["preconditions"] = new JsonObject { ["uid"] = uid };
        var request = new KubeRequest
        {
            Method = HttpMethod.Delete,
            Verb = "delete",
            Type = T.Type,
            Key = key,
            Body = Json(options),
            MayBeAbsent = true,
        };
        return _transport.CallAsync(request, (_, _) => Task.FromResult(true), cancel);
    }

    /// <summary>
    /// Posts something that is answered at once and not stored, as endpoints of aggregated APIs take it. Sent once; fails as
    /// the methods of <see cref="IKubeClient"/> do.
    /// </summary>
    public Task<JsonObject> PostAsync(ResourceType type, JsonObject content, CancellationToken cancel)
    {
        var request = new KubeRequest { Method = HttpMethod.Post, Verb = "post to", Type = type, Body = Json(content) };
        return _transport.CallAsync(request, (response, limit) => ReadNodeAsync(request, response, limit), cancel);
    }

    /// <summary>Posts to a subresource of an object, for instance <c>token</c> of a service account; as <see cref="PostAsync"/>.</summary>
    public Task<JsonObject> PostToAsync(ResourceType type, ObjectKey key, string subresource, JsonObject content, CancellationToken cancel)
    {
        var request = new KubeRequest { Method = HttpMethod.Post, Verb = $"post a {subresource} to", Type = type, Key = key, Subresource = $"/{subresource}", Body = Json(content) };
        return _transport.CallAsync(request, (response, limit) => ReadNodeAsync(request, response, limit), cancel);
    }

    private Task<T> ApplyAsync<T>(T desired, string verb, string subresource, string fieldManager, bool force, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        var request = new KubeRequest
        {
            Method = HttpMethod.Patch,
            Verb = verb,
            Type = T.Type,
            Key = new ObjectKey(desired.Metadata.Namespace ?? "", desired.Metadata.Name ?? ""),
            Subresource = subresource,
            Query = KubePath.Query(("fieldManager", fieldManager), ("force", force ? "true" : "false")),
            Body = Json(desired),
            ContentType = "application/apply-patch+yaml",
        };
        return WriteAsync<T>(request, cancel);
    }

    private Task<T> WriteAsync<T>(KubeRequest request, CancellationToken cancel) where T : class, IKubeObject<T>
        => _transport.CallAsync(request, (response, limit) => ReadObjectAsync<T>(request, response, limit), cancel);

    private static async Task<T> ReadObjectAsync<T>(KubeRequest request, HttpResponseMessage response, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        using var body = OpenBody(request, response);
        var (value, problem) = ObjectDecoder.Decode<T>(await body.ReadToEndAsync(cancel).ConfigureAwait(false));
        return value ?? throw KubeErrors.Failed(request, KubeFailure.Other, problem!.Reason);
    }

    private static async Task<JsonObject> ReadNodeAsync(KubeRequest request, HttpResponseMessage response, CancellationToken cancel)
    {
        using var body = OpenBody(request, response);
        var reader = new Utf8JsonReader(await body.ReadToEndAsync(cancel).ConfigureAwait(false));
        return JsonNode.Parse(ref reader) as JsonObject ?? throw KubeErrors.Failed(request, KubeFailure.Other, "the reply is no JSON object");
    }

    private static async Task<ObjectList<T>> ReadListAsync<T>(KubeRequest request, HttpResponseMessage response, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        using var body = OpenBody(request, response);
        return await ListReader<T>.ReadAsync(body, cancel).ConfigureAwait(false);
    }

    private static BodyReader OpenBody(KubeRequest request, HttpResponseMessage response)
        => KubeErrors.IsJson(response)
            ? BodyReader.Open(response, KubeLimits.Object)
            : throw KubeErrors.Failed(request, KubeFailure.Other, "the reply is not one of Kubernetes");

    private static ObjectKey Key(IKubeObject item)
        => new(item.Metadata.Namespace ?? "", item.Metadata.Name ?? item.Metadata.GenerateName ?? "");

    private static byte[] Json<T>(T item) where T : class, IKubeObject<T> => JsonSerializer.SerializeToUtf8Bytes(item, T.Json);

    private static byte[] Json(JsonObject node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes)) node.WriteTo(writer);
        return bytes.ToArray();
    }
}
