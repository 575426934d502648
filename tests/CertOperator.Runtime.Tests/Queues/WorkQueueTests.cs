using System.Collections.Concurrent;
using CertOperator.Runtime.Queues;
using CertOperator.Runtime.Tests.Fakes;

namespace CertOperator.Runtime.Tests.Queues;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests()
        => _queue = new WorkQueue<string>(_time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), new NoJitter()));

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Keys_leave_in_the_order_in_which_they_came()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("c");
        Assert.Equal(["a", "b", "c"], [await TakeAsync(), await TakeAsync(), await TakeAsync()]);
    }

    [Fact]
    public async Task Adding_the_same_key_again_has_no_effect()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");
        Assert.Equal(2, _queue.Depth);
        Assert.Equal("a", await TakeAsync());
        Assert.Equal("b", await TakeAsync());
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_taker_waits_until_a_key_comes()
    {
        var taking = TakeAsync();
        Assert.False(taking.IsCompleted);
        _queue.Add("a");
        Assert.Equal("a", await taking);
    }

    [Fact]
    public async Task A_key_being_worked_on_is_withheld_until_it_is_done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        Assert.Equal(0, _queue.Depth);
        var taking = TakeAsync();
        Assert.False(taking.IsCompleted);
        _queue.Done("a");
        Assert.Equal("a", await taking);
    }

    [Fact]
    public async Task A_key_that_was_not_added_meanwhile_does_not_come_back()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Done("a");
        Assert.True(_queue.IsIdle);
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_withheld_key_does_not_hold_up_the_others()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("b");
        Assert.Equal("b", await TakeAsync());
    }

    [Fact]
    public async Task Done_without_having_taken_is_a_defect_that_shows()
    {
        Assert.Throws<InvalidOperationException>(() => _queue.Done("a"));
        _queue.Add("a");
        await TakeAsync();
        _queue.Done("a");
        Assert.Throws<InvalidOperationException>(() => _queue.Done("a"));
    }

    [Fact]
    public async Task A_delayed_key_comes_when_it_is_due()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _queue.Depth);
        Assert.True(_queue.IsIdle);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", await TakeAsync());
    }

    [Theory]
    [InlineData(10, 30)]
    [InlineData(30, 10)]
    public void Of_two_times_the_earlier_one_wins(int first, int second)
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(first));
        _queue.AddAfter("a", TimeSpan.FromSeconds(second));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public async Task A_key_added_now_does_not_come_again_at_its_later_time()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_key_that_falls_due_while_worked_on_comes_after_done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _queue.Depth);
        _queue.Done("a");
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public async Task A_key_delayed_while_worked_on_keeps_its_delay_after_done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Done("a");
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public void A_wait_of_months_ends_on_time()
    {
        _queue.AddAfter("a", TimeSpan.FromDays(90));
        _time.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public void A_negative_delay_is_none_and_an_endless_one_does_no_harm()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(-1));
        _queue.AddAfter("b", TimeSpan.MaxValue);
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public async Task High_priority_goes_first()
    {
        _queue.Add("resync", Priority.Low);
        _queue.Add("change");
        Assert.Equal("change", await TakeAsync());
        Assert.Equal("resync", await TakeAsync());
    }

    [Fact]
    public async Task Of_two_priorities_the_higher_one_wins()
    {
        _queue.Add("a", Priority.Low);
        _queue.Add("b", Priority.Low);
        _queue.Add("b");
        _queue.Add("b", Priority.Low);
        var item = await _queue.TakeAsync(CancellationToken.None);
        Assert.Equal(new WorkItem<string>("b", Priority.High, TimeSpan.Zero), item);
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void Each_failure_in_a_row_doubles_the_wait_of_that_key_alone()
    {
        Assert.Equal([1, 2, 4], Enumerable.Range(0, 3).Select(_ => _queue.AddAfterFailure("a").TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(1), _queue.AddAfterFailure("b"));
    }

    [Fact]
    public void Forget_starts_the_waits_anew()
    {
        _queue.AddAfterFailure("a");
        _queue.AddAfterFailure("a");
        _queue.Forget("a");
        Assert.Equal(TimeSpan.FromSeconds(1), _queue.AddAfterFailure("a"));
    }

    [Fact]
    public void A_longer_wait_that_somebody_asks_for_wins()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), _queue.AddAfterFailure("a", atLeast: TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.FromSeconds(2), _queue.AddAfterFailure("a", atLeast: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_wait_is_measured_from_the_due_time()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(13));
        _queue.Add("b");
        Assert.Equal(TimeSpan.FromSeconds(3), _queue.OldestWait);
        Assert.Equal(TimeSpan.FromSeconds(3), (await _queue.TakeAsync(CancellationToken.None))!.Value.Waited);
        Assert.Equal(TimeSpan.Zero, _queue.OldestWait);
    }

    [Fact]
    public async Task Shutdown_releases_every_taker_and_ignores_what_comes_later()
    {
        var takers = Enumerable.Range(0, 3).Select(_ => TakeAsync()).ToList();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.Shutdown();
        _queue.Add("b");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([null, null, null], await Task.WhenAll(takers));
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task A_taker_that_gives_up_takes_nothing_along()
    {
        using var cancel = new CancellationTokenSource();
        var taking = _queue.TakeAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        _queue.Add("a");
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task Under_stress_no_two_workers_hold_a_key_and_no_addition_is_lost()
    {
        const int Keys = 20, Producers = 4, Additions = 5000, Workers = 8;
        using var queue = new WorkQueue<int>(TimeProvider.System, new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));
        var added = new int[Keys];
        var seen = new int[Keys];
        var held = new ConcurrentDictionary<int, bool>();
        var collisions = 0;

        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is { } item)
            {
                if (!held.TryAdd(item.Key, true))
                    Interlocked.Increment(ref collisions);
                // What was added before the work began must be seen by it.
                Volatile.Write(ref seen[item.Key], Volatile.Read(ref added[item.Key]));
                if (item.Key % 3 == 0)
                    await Task.Yield();
                held.TryRemove(item.Key, out var _);
                queue.Done(item.Key);
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(() =>
        {
            var random = new Random(producer);
            for (var i = 0; i < Additions; i++)
            {
                var key = random.Next(Keys);
                Interlocked.Increment(ref added[key]);
                queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)), (Priority)random.Next(2));
            }
        })));

        await Eventually.That(() => seen.SequenceEqual(added));
        queue.Shutdown();
        await Task.WhenAll(workers);
        Assert.Equal(0, collisions);
    }

    private async Task<string?> TakeAsync() => (await _queue.TakeAsync(CancellationToken.None))?.Key;
}
