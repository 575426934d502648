using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme;

/// <summary>A client whose process dies right after one of its writes: from then on nothing it does reaches the cluster.</summary>
/// <param name="inner">Reaches the cluster.</param>
/// <param name="writes">How many writes of objects other than events are done.</param>
/// <param name="die">Called at the last of them.</param>
internal sealed class CutClient(IKubeClient inner, int writes, Action die) : IKubeClient
{
    private int _left = writes;

    public bool IsDead => Volatile.Read(ref _left) <= 0;

    public void Die()
    {
        Volatile.Write(ref _left, 0);
        die();
    }

    public Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => Alive(() => inner.FindAsync<T>(key, cancel));

    public Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => Alive(() => inner.ListAsync<T>(options, cancel));

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListOptions options, string resourceVersion, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => inner.WatchAsync<T>(options, resourceVersion, cancel);

    public Task<T> CreateAsync<T>(T desired, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => WriteAsync<T, T>(() => inner.CreateAsync(desired, cancel));

    public Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => WriteAsync<T, T>(() => inner.ApplyAsync(desired, fieldManager, force, cancel));

    public Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => WriteAsync<T, T>(() => inner.ApplyStatusAsync(desired, fieldManager, cancel));

    public Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => WriteAsync<T, T>(() => inner.PatchAsync<T>(key, mergePatch, cancel));

    public Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel)
        where T : class, IKubeObject<T>, IReplaceable
        => WriteAsync<T, T>(() => inner.ReplaceAsync(changed, cancel));

    public Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => WriteAsync<T, bool>(async () =>
        {
            await inner.DeleteAsync<T>(key, uid, cancel);
            return true;
        });

    private Task<TResult> Alive<TResult>(Func<Task<TResult>> call) => IsDead ? throw Dead() : call();

    private async Task<TResult> WriteAsync<T, TResult>(Func<Task<TResult>> write)
        where T : class, IKubeObject<T>
    {
        if (IsDead)
            throw Dead();
        TResult result = await write();
        if (T.Type.Plural != "events" && Interlocked.Decrement(ref _left) == 0)
        {
            die();
            throw Dead();
        }

        return result;
    }

    private static KubeException Dead() => new(KubeFailure.Unavailable, "This process is dead.");
}
