using System.Collections.Concurrent;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Queues;
using CertOperator.Runtime.Tests.Fakes;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Controllers;

public sealed class ControllerTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ObjectKey Key = new("shop", "a");

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Scripted _reconciler = new();
    private readonly Controller _controller;
    private Task _running = Task.CompletedTask;

    public ControllerTests()
    {
        var options = new ControllerOptions { Workers = 2, Timeout = 60 * Second, Backoff = new Backoff(Second, 300 * Second, new NoJitter()) };
        _controller = new Controller("marble", _reconciler, options, _time, NullLogger.Instance);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _controller.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Done_is_not_looked_at_again()
    {
        await RunOnceAsync(() => Outcome.Done);
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.True(_controller.Queue.IsIdle);
    }

    [Fact]
    public async Task After_is_looked_at_again_after_that_time()
    {
        await RunOnceAsync(() => Outcome.After(TimeSpan.FromDays(60)));
        await ComesBackAfterAsync(TimeSpan.FromDays(60));
    }

    [Fact]
    public async Task A_failure_is_tried_again_with_growing_waits()
    {
        await RunOnceAsync(() => throw new InvalidOperationException("It broke."));
        await ComesBackAfterAsync(Second, () => throw new KubeException(KubeFailure.Conflict, "It changed."));
        await ComesBackAfterAsync(2 * Second, () => throw new KubeException(KubeFailure.Invalid, "It is wrong."));
        await ComesBackAfterAsync(4 * Second);
    }

    [Fact]
    public async Task Success_ends_the_row_of_failures()
    {
        await RunOnceAsync(() => throw new InvalidOperationException("It broke."));
        await ComesBackAfterAsync(Second, () => Outcome.After(10 * Second));
        await ComesBackAfterAsync(10 * Second, () => throw new InvalidOperationException("It broke again."));
        await ComesBackAfterAsync(Second);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_pause_gets_it()
    {
        await RunOnceAsync(() => throw new KubeException(KubeFailure.Throttled, "Too many requests.", retryAfter: 45 * Second));
        await ComesBackAfterAsync(45 * Second);
    }

    [Fact]
    public async Task An_absurd_pause_is_cut_to_ten_minutes()
    {
        await RunOnceAsync(() => throw new KubeException(KubeFailure.Unavailable, "Later.", retryAfter: TimeSpan.FromDays(1000)));
        await ComesBackAfterAsync(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_terminal_failure_waits_for_a_change()
    {
        await RunOnceAsync(() => throw new TerminalException("It cannot be."));
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.True(_controller.Queue.IsIdle);
        _reconciler.Next.Enqueue(() => Outcome.Done);
        _controller.Queue.Add(Key);
        await SettleAsync();
        Assert.Equal(2, _reconciler.Attempts);
    }

    [Fact]
    public async Task A_namespace_that_is_going_away_is_left_alone()
    {
        await RunOnceAsync(() => throw new KubeException(KubeFailure.Forbidden, "It is being deleted.", namespaceTerminating: true));
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.True(_controller.Queue.IsIdle);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_cut_off_and_tried_again()
    {
        _reconciler.Hang = true;
        Start();
        _controller.Queue.Add(Key);
        await Eventually.That(() => _reconciler.Attempts == 1);
        _reconciler.Hang = false;
        _reconciler.Next.Enqueue(() => Outcome.Done);
        await _time.AdvanceUntil(10 * Second, () => _reconciler.Attempts == 2);
    }

    [Fact]
    public async Task What_was_cut_off_by_the_end_of_a_term_is_first_in_the_next()
    {
        _reconciler.Hang = true;
        Start();
        _controller.Queue.Add(Key);
        await Eventually.That(() => _reconciler.Attempts == 1);
        await _stop.CancelAsync();
        await _running;
        Assert.False(_controller.IsRunning);
        Assert.Equal(1, _controller.Queue.Depth);

        _reconciler.Hang = false;
        _reconciler.Next.Enqueue(() => Outcome.Done);
        using var again = new CancellationTokenSource();
        var second = _controller.RunAsync(again.Token);
        await Eventually.That(() => _reconciler.Attempts == 2);
        await again.CancelAsync();
        await second;
    }

    [Fact]
    public async Task Changes_go_before_what_the_first_list_brings()
    {
        var server = new UnreliableServer(_time);
        server.Put(Marble.Named("a"));
        server.Put(Marble.Named("b"));
        var informer = new Informer<Marble, Marble>(server, new InformerOptions(), marble => marble, _time, NullLogger.Instance);
        _controller.Watch(informer);
        var informing = informer.RunAsync(_stop.Token);
        await informer.WaitForSyncAsync(CancellationToken.None);
        server.Put(Marble.Named("b", "blue"));
        await Eventually.That(() => informer.Store.Find(new ObjectKey("shop", "b"))?.Color == "blue");
        server.Put(Marble.Named("c"));
        await Eventually.That(() => _controller.Queue.Depth == 3);

        Assert.Equal(
            [("b", Priority.High), ("c", Priority.High), ("a", Priority.Low)],
            [await PeekAsync(), await PeekAsync(), await PeekAsync()]);
        await _stop.CancelAsync();
        await informing;
    }

    [Fact]
    public async Task A_change_can_concern_other_keys()
    {
        var server = new UnreliableServer(_time);
        var informer = new Informer<Marble, Marble>(server, new InformerOptions(), marble => marble, _time, NullLogger.Instance);
        _controller.Watch(informer, change => [ObjectKey.Cluster($"{change.Before?.Color}"), ObjectKey.Cluster($"{change.After?.Color}")]);
        server.Put(Marble.Named("a", "red"));
        var informing = informer.RunAsync(_stop.Token);
        await Eventually.That(() => _controller.Queue.Depth == 2);
        server.Put(Marble.Named("a", "blue"));
        await Eventually.That(() => _controller.Queue.Depth == 3);
        await _stop.CancelAsync();
        await informing;
    }

    private void Start() => _running = _controller.RunAsync(_stop.Token);

    private async Task RunOnceAsync(Func<Outcome> attempt)
    {
        Start();
        _reconciler.Next.Enqueue(attempt);
        _controller.Queue.Add(Key);
        await SettleAsync();
        Assert.Equal(1, _reconciler.Attempts);
    }

    private async Task ComesBackAfterAsync(TimeSpan delay, Func<Outcome>? attempt = null)
    {
        var before = _reconciler.Attempts;
        _reconciler.Next.Enqueue(attempt ?? (() => Outcome.Done));
        _time.Advance(delay - TimeSpan.FromMilliseconds(1));
        Assert.True(_controller.Queue.IsIdle);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await SettleAsync();
        Assert.Equal(before + 1, _reconciler.Attempts);
    }

    private Task SettleAsync() => Eventually.That(() => _reconciler.Next.IsEmpty && _controller.Queue.IsIdle);

    private async Task<(string, Priority)> PeekAsync()
    {
        var item = (await _controller.Queue.TakeAsync(CancellationToken.None))!.Value;
        return (item.Key.Name, item.Priority);
    }

    private sealed class Scripted : IReconciler
    {
        private int _attempts;

        public ConcurrentQueue<Func<Outcome>> Next { get; } = [];

        public bool Hang { get; set; }

        public int Attempts => Volatile.Read(ref _attempts);

        public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
        {
            Interlocked.Increment(ref _attempts);
            if (Hang)
                await Task.Delay(Timeout.Infinite, cancel);
            Assert.True(Next.TryDequeue(out var attempt));
            return attempt();
        }
    }
}
