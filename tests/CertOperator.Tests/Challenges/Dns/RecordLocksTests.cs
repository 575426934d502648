namespace CertOperator.Challenges.Dns;

public class RecordLocksTests
{
    private readonly RecordLocks _locks = new();

    [Fact]
    public async Task One_name_is_held_once_and_others_are_free()
    {
        IDisposable first = await _locks.EnterAsync("a", CancellationToken.None);
        using IDisposable other = await _locks.EnterAsync("b", CancellationToken.None);
        Task<IDisposable> second = _locks.EnterAsync("a", CancellationToken.None);
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();
        using IDisposable held = await second;

        Assert.False(_locks.EnterAsync("a", CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_turn_to_the_next()
    {
        using var cancel = new CancellationTokenSource();
        IDisposable first = await _locks.EnterAsync("a", CancellationToken.None);
        Task<IDisposable> second = _locks.EnterAsync("a", cancel.Token);
        Task<IDisposable> third = _locks.EnterAsync("a", CancellationToken.None);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        (await third).Dispose();
        (await _locks.EnterAsync("a", CancellationToken.None)).Dispose();
    }
}
