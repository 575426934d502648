using System.Collections.Concurrent;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;
using CertOperator.Runtime.Tests.Fakes;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Caching;

public sealed class InformerTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly KubeException Broken = new(KubeFailure.Unavailable, "The connection broke.");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UnreliableServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _changes = [];
    private readonly Informer<Marble, string> _informer;
    private int _projections;
    private Task _running = Task.CompletedTask;

    public InformerTests()
    {
        _server = new UnreliableServer(_time);
        var options = new InformerOptions { PageSize = 2, Backoff = new Backoff(Second, 30 * Second, new NoJitter()) };
        _informer = new Informer<Marble, string>(_server, options, Project, _time, NullLogger.Instance);
        _informer.Changed += change => _changes.Enqueue($"{change.Key.Name}: {change.Before ?? "-"} > {change.After ?? "-"}");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task All_pages_of_the_first_list_are_cached_and_told()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
            _server.Put(Marble.Named(name));
        Assert.False(_informer.HasSynced);
        Assert.Null(_informer.LastSignOfLife);
        await StartAsync();
        Assert.Equal(5, _informer.Count);
        Assert.Equal(3, _server.Calls("list"));
        Assert.Equal(["a: - > red", "b: - > red", "c: - > red", "d: - > red", "e: - > red"], _changes);
        Assert.Equal(_time.GetUtcNow(), _informer.LastSignOfLife);
    }

    [Fact]
    public async Task Changes_are_told_with_before_and_after()
    {
        _server.Put(Marble.Named("a"));
        await StartAsync();
        _server.Put(Marble.Named("b", "green"));
        _server.Put(Marble.Named("a", "blue"));
        await _server.DeleteAsync<Marble>(new ObjectKey("shop", "b"), null, CancellationToken.None);
        await Eventually.That(() => _changes.Count == 4);
        Assert.Equal(["a: - > red", "b: - > green", "a: red > blue", "b: green > -"], _changes);
        Assert.Equal("blue", _informer.Store.Find(new ObjectKey("shop", "a")));
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_where_it_was()
    {
        await StartAsync();
        _server.Put(Marble.Named("a"));
        await Eventually.That(() => _changes.Count == 1);
        _server.EndWatches();
        _server.Put(Marble.Named("b"));
        await Eventually.That(() => _changes.Count == 2);
        Assert.Equal(1, _server.Calls("list"));
    }

    [Fact]
    public async Task A_watch_that_breaks_goes_on_where_it_was_after_a_while()
    {
        await StartAsync();
        _server.FailNext("watch", Broken, times: 3);
        _server.EndWatches(Broken);
        _server.Put(Marble.Named("a"));
        await _time.AdvanceUntil(Second, () => _changes.Count == 1);
        Assert.Equal(1, _server.Calls("list"));
    }

    [Fact]
    public async Task When_the_version_has_expired_a_list_finds_what_was_lost()
    {
        _server.Put(Marble.Named("a"));
        _server.Put(Marble.Named("b"));
        _server.Put(Marble.Named("c"));
        await StartAsync();
        _server.Silent = true;
        await _server.DeleteAsync<Marble>(new ObjectKey("shop", "a"), null, CancellationToken.None);
        _server.Put(Marble.Named("b", "blue"));
        _server.Put(Marble.Named("d"));
        _server.Compact();
        _server.EndWatches(Broken);
        await Eventually.That(() => _server.Watches == 0);
        _server.Silent = false;
        await _time.AdvanceUntil(Second, () => _server.Calls("list") >= 4 && _server.Watches == 1);
        Assert.Equal(["b: red > blue", "d: - > red", "a: red > -"], _changes.Skip(3));
    }

    [Fact]
    public async Task A_periodic_list_repairs_what_the_watch_lost_and_tells_nothing_else()
    {
        _server.Put(Marble.Named("a"));
        _server.Put(Marble.Named("b"));
        await StartAsync();
        _server.Put(Marble.Named("c"));
        await Eventually.That(() => _changes.Count == 3);
        _server.Silent = true;
        _server.Put(Marble.Named("b", "blue"));
        await _time.AdvanceUntil(TimeSpan.FromMinutes(1), () => _changes.Count == 4);
        Assert.Equal("b: red > blue", _changes.Last());
        Assert.Equal(4, _projections);
    }

    [Fact]
    public async Task A_watch_that_tells_events_but_never_ends_is_still_followed_by_a_list_in_half_an_hour()
    {
        await StartAsync();
        var start = _time.GetUtcNow();
        var chatter = 0;
        await _time.AdvanceUntil(TimeSpan.FromMinutes(1), () =>
        {
            _server.Put(Marble.Named("chatter", $"{chatter++}"));
            return _server.Calls("list") == 2;
        });
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(40));
    }

    [Fact]
    public async Task A_watch_that_hangs_is_given_up()
    {
        var start = _time.GetUtcNow();
        _server.FailNext("watch", failure: null);
        await StartAsync(watching: false);
        _server.Put(Marble.Named("a"));
        await _time.AdvanceUntil(TimeSpan.FromMinutes(1), () => _changes.Count == 1);
        Assert.True(_informer.LastSignOfLife > start + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Waits_between_failures_grow_to_half_a_minute()
    {
        _server.FailNext("list", Broken, times: 8);
        var start = _time.GetUtcNow();
        _running = _informer.RunAsync(_stop.Token);
        await _time.AdvanceUntil(Second / 10, () => _informer.HasSynced);
        Assert.InRange(_time.GetUtcNow() - start, (1 + 2 + 4 + 8 + 16 + 30 + 30 + 30) * Second, 200 * Second);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_pause_gets_it()
    {
        _server.FailNext("list", new KubeException(KubeFailure.Throttled, "Too many requests.", retryAfter: 90 * Second));
        var start = _time.GetUtcNow();
        _running = _informer.RunAsync(_stop.Token);
        await _time.AdvanceUntil(Second, () => _informer.HasSynced);
        Assert.InRange(_time.GetUtcNow() - start, 90 * Second, 120 * Second);
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_does_not_end_it()
    {
        _server.FailNext("list", new InvalidOperationException("A defect."));
        _server.Put(Marble.Named("a"));
        _running = _informer.RunAsync(_stop.Token);
        await _time.AdvanceUntil(Second, () => _informer.HasSynced);
        Assert.Equal(["a: - > red"], _changes);
    }

    [Fact]
    public async Task An_object_that_cannot_be_decoded_is_counted_and_the_last_good_state_stays()
    {
        _server.Put(Marble.Named("a"));
        _server.Put(Marble.Named("b"));
        await StartAsync();
        _server.Garble("a");
        _server.Put(Marble.Named("b", "green"));
        await Eventually.That(() => _changes.Count == 3);
        Assert.Equal(1, _informer.Undecodable);
        Assert.Equal("red", _informer.Store.Find(new ObjectKey("shop", "a")));

        _server.EndWatches(new KubeException(KubeFailure.Gone, "The version has expired."));
        await _time.AdvanceUntil(Second, () => _server.Calls("list") == 2 && _server.Watches == 1);
        Assert.Equal("red", _informer.Store.Find(new ObjectKey("shop", "a")));

        _server.Put(Marble.Named("a", "white"));
        await Eventually.That(() => _informer.Store.Find(new ObjectKey("shop", "a")) == "white");
        Assert.Equal(0, _informer.Undecodable);
    }

    [Fact]
    public async Task An_undecodable_object_does_not_stop_the_first_list()
    {
        _server.Garble("a");
        _server.Put(Marble.Named("b"));
        await StartAsync();
        Assert.Equal((1, 1), (_informer.Count, _informer.Undecodable));
    }

    [Fact]
    public async Task An_object_that_no_view_can_be_made_of_counts_as_undecodable()
    {
        _server.Put(Marble.Named("a", "unspeakable"));
        _server.Put(Marble.Named("b"));
        await StartAsync();
        Assert.Equal((1, 1), (_informer.Count, _informer.Undecodable));
        await _server.DeleteAsync<Marble>(new ObjectKey("shop", "a"), null, CancellationToken.None);
        await Eventually.That(() => _informer.Undecodable == 0);
    }

    [Fact]
    public async Task A_subscriber_that_fails_harms_nobody_else()
    {
        _informer.Changed += _ => throw new InvalidOperationException("A defect.");
        var later = 0;
        _informer.Changed += _ => Interlocked.Increment(ref later);
        await StartAsync();
        _server.Put(Marble.Named("a"));
        _server.Put(Marble.Named("b"));
        await Eventually.That(() => later == 2);
        Assert.Equal(2, _informer.Count);
    }

    [Fact]
    public async Task Cancelling_returns_in_peace_even_from_a_wait()
    {
        _server.FailNext("list", Broken);
        _running = _informer.RunAsync(_stop.Token);
        await Eventually.That(() => _server.Calls("list") == 1);
        await _stop.CancelAsync();
        await _running;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _informer.WaitForSyncAsync(_stop.Token));
    }

    private string Project(Marble marble)
    {
        _projections++;
        return marble.Color == "unspeakable" ? throw new FormatException("No such colour.") : marble.Color!;
    }

    private async Task StartAsync(bool watching = true)
    {
        _running = _informer.RunAsync(_stop.Token);
        await _informer.WaitForSyncAsync(CancellationToken.None);
        if (watching)
            await Eventually.That(() => _server.Watches == 1);
    }
}
