using System.Text.Json.Nodes;

namespace CertOperator.Runtime.Client;

/// <summary>
/// The port to the API server. Every method throws <see cref="KubeException"/> on refusal or failure and nothing else
/// but <see cref="OperationCanceledException"/>. Thread-safe.
/// </summary>
public interface IKubeClient
{
    /// <summary>Reads one object; null if it does not exist. A kind that is not served is <see cref="KubeFailure.NotFound"/>.</summary>
    Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>Reads one page of a list; <see cref="ObjectList{T}.Continue"/> asks for the next.</summary>
    Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>
    /// Streams changes after <paramref name="resourceVersion"/> until the server ends the watch, which is not an error.
    /// An expired version throws <see cref="KubeFailure.Gone"/>: list again.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListOptions options, string resourceVersion, CancellationToken cancel)
        where T : class, IKubeObject<T>;

    /// <summary>Creates; <see cref="KubeFailure.AlreadyExists"/> if the name is taken.</summary>
    Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>
    /// Server-side apply: creates or updates the fields that <paramref name="desired"/> holds, removes those that this
    /// field manager applied before and left out now, and keeps what others own. Metadata.Name is required.
    /// If the object exists, a stale <c>metadata.resourceVersion</c> in <paramref name="desired"/> is a
    /// <see cref="KubeFailure.Conflict"/> and another <c>metadata.uid</c> is <see cref="KubeFailure.Invalid"/>; an absent
    /// object is created all the same by older servers (1.20 does).
    /// </summary>
    /// <param name="desired">The fields wanted.</param>
    /// <param name="fieldManager">The owner of the applied fields.</param>
    /// <param name="force">Take over fields that another manager owns; otherwise they are a <see cref="KubeFailure.Conflict"/>.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>
    /// Server-side apply of the status subresource, taking over fields; never creates. Older servers (1.20) do not look at
    /// <c>metadata.uid</c>.
    /// </summary>
    Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>JSON merge patch (RFC 7386).</summary>
    Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>;

    /// <summary>Replaces the whole object if its resourceVersion is still current, else <see cref="KubeFailure.Conflict"/>.</summary>
    Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable;

    /// <summary>Deletes in the background; an absent object is not an error. The uid, if given, must match.</summary>
    Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>;
}
