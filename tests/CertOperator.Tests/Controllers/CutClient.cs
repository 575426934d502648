using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>Where the line between an operator and its cluster, or an ACME server, is cut.</summary>
public enum Cut
{
    /// <summary>The write does not arrive, and neither does any after it.</summary>
    BeforeStored,

    /// <summary>The write is stored; its answer does not arrive, and neither does any write after it.</summary>
    AfterStored,

    /// <summary>The write is stored and its answer is lost; after that the line is as before.</summary>
    AnswerOnly,
}

/// <summary>A line to the cluster that is cut at one write, as when a process is killed there. Reads always pass.</summary>
/// <param name="cluster">The other end.</param>
/// <param name="write">Which write, from 1; 0 for none.</param>
/// <param name="cut">Where.</param>
/// <param name="die">Ends what the process does beside.</param>
internal sealed class CutClient(IKubeClient cluster, int write, Cut cut, Action? die = null) : IKubeClient
{
    private readonly Lock _lock = new();
    private readonly List<string> _writes = [];
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isDead;

    /// <summary>Ends when the write was made.</summary>
    public Task Happened => _happened.Task;

    /// <summary>Nothing that is written arrives any more.</summary>
    public bool IsDead => _isDead;

    /// <summary>Every write so far, as verb and resource.</summary>
    public IReadOnlyList<string> Writes
    {
        get { lock (_lock) return [.. _writes]; }
    }

    /// <summary>Cuts the line for good, as when the process is killed now.</summary>
    public void Die()
    {
        _isDead = true;
        _happened.TrySetResult();
        die?.Invoke();
    }

    public Task<T?> FindAsync<T>(ObjectKey key, CancellationToken cancel) where T : class, IKubeObject<T>
        => cluster.FindAsync<T>(key, cancel);

    public Task<ObjectList<T>> ListAsync<T>(ListOptions options, CancellationToken cancel) where T : class, IKubeObject<T>
        => cluster.ListAsync<T>(options, cancel);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListOptions options, string resourceVersion, CancellationToken cancel)
        where T : class, IKubeObject<T>
        => cluster.WatchAsync<T>(options, resourceVersion, cancel);

    public Task<T> CreateAsync<T>(T desired, CancellationToken cancel) where T : class, IKubeObject<T>
        => PassAsync($"create {T.Type.Plural}", () => cluster.CreateAsync(desired, cancel));

    public Task<T> ApplyAsync<T>(T desired, string fieldManager, bool force, CancellationToken cancel) where T : class, IKubeObject<T>
        => PassAsync($"apply {T.Type.Plural}", () => cluster.ApplyAsync(desired, fieldManager, force, cancel));

    public Task<T> ApplyStatusAsync<T>(T desired, string fieldManager, CancellationToken cancel) where T : class, IKubeObject<T>
        => PassAsync($"apply {T.Type.Plural}/status", () => cluster.ApplyStatusAsync(desired, fieldManager, cancel));

    public Task<T> PatchAsync<T>(ObjectKey key, JsonObject mergePatch, CancellationToken cancel) where T : class, IKubeObject<T>
        => PassAsync($"patch {T.Type.Plural}", () => cluster.PatchAsync<T>(key, mergePatch, cancel));

    public Task<T> ReplaceAsync<T>(T changed, CancellationToken cancel) where T : class, IKubeObject<T>, IReplaceable
        => PassAsync($"replace {T.Type.Plural}", () => cluster.ReplaceAsync(changed, cancel));

    public async Task DeleteAsync<T>(ObjectKey key, string? uid, CancellationToken cancel) where T : class, IKubeObject<T>
        => await PassAsync($"delete {T.Type.Plural}", async () =>
        {
            await cluster.DeleteAsync<T>(key, uid, cancel);
            return true;
        });

    private async Task<T> PassAsync<T>(string what, Func<Task<T>> send)
    {
        int number = Count(what);
        bool here = number == write;
        bool isGone = IsDead || (write > 0 && number > write && cut is not Cut.AnswerOnly);
        if (isGone || (here && cut is Cut.BeforeStored))
            throw Lost(here);
        T answer = await send();
        return here ? throw Lost(here) : answer;
    }

    private int Count(string what)
    {
        lock (_lock)
        {
            _writes.Add(what);
            return _writes.Count;
        }
    }

    private KubeException Lost(bool here)
    {
        if (here && cut is not Cut.AnswerOnly)
            Die();
        else if (here)
            _happened.TrySetResult();
        return new KubeException(KubeFailure.Unavailable, "The connection was lost.");
    }
}
