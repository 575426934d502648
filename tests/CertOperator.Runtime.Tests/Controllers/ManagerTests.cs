using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Fakes;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Controllers;

public sealed class ManagerTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ObjectKey LeaseKey = new("operators", "leader");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UnreliableServer _server;
    private readonly List<Replica> _replicas = [];

    public ManagerTests() => _server = new UnreliableServer(_time);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Workers_begin_when_all_caches_are_in_sync()
    {
        _server.Put(Marble.Named("a"));
        _server.FailNext("list", new KubeException(KubeFailure.Unavailable, "Not yet."));
        var replica = Start(identity: null);
        Assert.Equal((false, "The API server has not answered yet for marbles.example.org."), Ready(replica));
        await _time.AdvanceUntil(Second, () => replica.Seen.Contains("a"));
        Assert.Equal((true, "All 1 caches are in sync."), Ready(replica));
    }

    [Fact]
    public async Task Caches_run_on_every_replica_and_workers_on_the_leader_alone()
    {
        var a = Start("a");
        await Eventually.That(() => a.Manager.IsLeader);
        var b = Start("b");
        _server.Put(Marble.Named("w"));
        await Eventually.That(() => a.Seen.Contains("w") && b.Informer.Count == 1);
        Assert.Empty(b.Seen);
        Assert.True(b.Manager.Health.Ready.Ok);

        await a.StopAsync();
        await _time.AdvanceUntil(Second, () => b.Seen.Contains("w"));
        Assert.True(b.Manager.IsLeader);
    }

    [Fact]
    public async Task Silence_makes_it_not_ready_but_not_dead()
    {
        var replica = Start(identity: null);
        await Eventually.That(() => replica.Informer.HasSynced && _server.Watches == 1);
        _server.FailNext("watch", failure: null, times: 100);
        _server.FailNext("list", failure: null, times: 100);
        _server.EndWatches();
        _time.Advance(RuntimeHealth.LongestSilence + Second);

        // One report is judged: the end of the watch is a sign of life and may come between two.
        HealthReport report = default;
        await _time.AdvanceUntil(Second, () => !(report = replica.Manager.Health.Ready).Ok);
        Assert.StartsWith("Nothing was heard from the API server about marbles.example.org for 00:10:", report.Reason, StringComparison.Ordinal);
        Assert.True(replica.Manager.Health.Live.Ok);
    }

    [Fact]
    public async Task After_the_end_it_is_neither_ready_nor_alive()
    {
        var replica = Start(identity: null);
        await Eventually.That(() => replica.Manager.Health.Ready.Ok);
        await replica.StopAsync();
        Assert.Equal((false, "The manager stopped: it was told to stop."), Ready(replica));
        Assert.False(replica.Manager.Health.Live.Ok);
    }

    [Fact]
    public async Task Workers_that_do_not_stop_when_leadership_is_lost_end_it_with_an_exception()
    {
        var replica = Start("a");
        await Eventually.That(() => replica.Manager.IsLeader);
        replica.Stubborn = true;
        _server.Put(Marble.Named("w"));
        await Eventually.That(() => replica.Seen.Contains("w"));
        _server.Put(new Lease
        {
            Metadata = new ObjectMeta { Name = LeaseKey.Name, Namespace = LeaseKey.Namespace },
            Spec = new LeaseSpec { HolderIdentity = "thief", LeaseDurationSeconds = 15 },
        });
        await _time.AdvanceUntil(Second, () => replica.Running.IsCompleted);
        await Assert.ThrowsAsync<LeadershipLostException>(() => replica.Running);
        Assert.False(replica.Manager.Health.Live.Ok);
    }

    [Fact]
    public async Task Events_recorded_by_the_workers_are_written_before_it_returns()
    {
        var replica = Start(identity: null);
        _server.Put(Marble.Named("w"));
        await Eventually.That(() => replica.Seen.Contains("w"));
        replica.Events.Normal(Marble.Named("w"), "Stopping", "It stops.");
        await replica.StopAsync();
        Assert.Contains(_server.All<Event>(), written => written.Reason == "Stopping");
    }

    [Fact]
    public async Task Its_parts_are_measured()
    {
        _server.Put(Marble.Named("w"));
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == RuntimeMetrics.MeterName)
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();

        var replica = Start(identity: null, name: "measured");
        await Eventually.That(() => replica.Seen.Contains("w") && measured.ContainsKey("certoperator.reconcile.duration measured done"));
        listener.RecordObservableInstruments();
        Assert.Equal(1, measured["certoperator.informer.objects measured"]);
        Assert.Equal(0, measured["certoperator.informer.undecodable measured"]);
        Assert.Equal(0, measured["certoperator.informer.silence measured"]);
        Assert.Equal(0, measured["certoperator.queue.depth measured"]);
        Assert.Equal(0, measured["certoperator.queue.oldest measured"]);
        Assert.Contains("certoperator.queue.wait measured", measured.Keys);
        Assert.Contains("certoperator.leader", measured.Keys);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            => measured[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])] = value;
    }

    private static (bool, string) Ready(Replica replica) => (replica.Manager.Health.Ready.Ok, replica.Manager.Health.Ready.Reason);

    private Replica Start(string? identity, string? name = null)
    {
        var replica = new Replica(_server, _time, identity, name);
        _replicas.Add(replica);
        return replica;
    }

    private sealed class Replica : IReconciler, IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource _released = new();
        private readonly Controller _controller;

        public Replica(UnreliableServer server, FakeTimeProvider time, string? identity, string? name)
        {
            Informer = new Informer<Marble, Marble>(server, new InformerOptions { Name = name }, marble => marble, time, NullLogger.Instance);
            _controller = new Controller(name ?? "marble", this, new ControllerOptions(), time, NullLogger.Instance);
            _controller.Watch(Informer);
            Events = new EventRecorder(server, "tester", time, NullLogger.Instance);
            var elector = identity is null ? null : new LeaseElector(server, new LeaseOptions(LeaseKey, identity), time, NullLogger.Instance);
            Manager = new Manager([Informer], [_controller], elector, Events, time);
            Running = Manager.RunAsync(_stop.Token);
        }

        public Informer<Marble, Marble> Informer { get; }

        public EventRecorder Events { get; }

        public Manager Manager { get; }

        public Task Running { get; }

        public ConcurrentBag<string> Seen { get; } = [];

        public bool Stubborn { get; set; }

        public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
        {
            Seen.Add(key.Name);
            if (Stubborn)
                await _released.Task;
            return Outcome.Done;
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Running;
        }

        public async ValueTask DisposeAsync()
        {
            _released.TrySetResult();
            await _stop.CancelAsync();
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Manager.Dispose();
            _controller.Dispose();
            _stop.Dispose();
        }
    }
}
