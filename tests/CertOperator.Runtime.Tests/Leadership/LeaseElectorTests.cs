using CertOperator.Runtime.Client;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Leadership;

public sealed class LeaseElectorTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly ObjectKey Key = new("operators", "leader");
    private static readonly KubeException Broken = new(KubeFailure.Unavailable, "The connection broke.");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UnreliableServer _server;
    private readonly List<Candidate> _candidates = [];

    public LeaseElectorTests() => _server = new UnreliableServer(_time);

    private Lease Stored => _server.All<Lease>().Single();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var candidate in _candidates)
            candidate.Stop();
        // The clock runs on, so that a release that hangs comes to its end.
        await _time.AdvanceUntil(Second, () => _candidates.All(candidate => candidate.Running.IsCompleted));
        foreach (var candidate in _candidates)
            candidate.Dispose();
    }

    [Fact]
    public async Task The_first_one_creates_the_lease_and_leads()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        Assert.True(a.Elector.IsLeader);
        Assert.Equal(
            new LeaseSpec
            {
                HolderIdentity = "a",
                LeaseDurationSeconds = 15,
                AcquireTime = _time.GetUtcNow(),
                RenewTime = _time.GetUtcNow(),
                LeaseTransitions = 0,
            },
            Stored.Spec);
    }

    [Fact]
    public async Task The_second_one_waits_as_long_as_the_first_renews()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        var b = Start("b");
        var start = _time.GetUtcNow();
        await _time.AdvanceUntil(Step, () => _time.GetUtcNow() > start + 90 * Second);
        Assert.True(a.Works);
        Assert.Equal((1, 0), (a.Terms, b.Terms));
        Assert.Equal(start, Stored.Spec!.AcquireTime);
        Assert.True(Stored.Spec.RenewTime > start + 80 * Second);
    }

    [Fact]
    public async Task A_leader_that_stops_releases_the_lease()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        await a.StopAsync();
        Assert.Equal(("", 1), (Stored.Spec!.HolderIdentity, Stored.Spec.LeaseDurationSeconds));
    }

    [Fact]
    public async Task A_leader_that_did_not_hear_of_its_last_renewal_releases_the_lease_all_the_same()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        Store(Stored.Spec! with { RenewTime = _time.GetUtcNow() + Second });
        await a.StopAsync();
        Assert.Equal("", Stored.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task A_released_lease_is_taken_by_the_next_at_once()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        var b = Start("b");
        await a.StopAsync();
        var released = _time.GetUtcNow();
        await _time.AdvanceUntil(Step, () => b.Works);
        Assert.InRange(_time.GetUtcNow() - released, TimeSpan.Zero, 5 * Second);
        Assert.Equal(("b", 1), (Stored.Spec!.HolderIdentity, Stored.Spec.LeaseTransitions));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_lease_that_nobody_holds_is_taken_whatever_its_times_say(string? holder)
    {
        Store(new LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 3600, RenewTime = _time.GetUtcNow().AddYears(1) });
        var a = Start("a");
        await Eventually.That(() => a.Works);
    }

    [Fact]
    public async Task A_lease_of_a_dead_process_is_taken_after_its_duration_by_the_own_clock()
    {
        // The dead one's clock was a year ahead: its times mean nothing here.
        Store(new LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = 15, RenewTime = _time.GetUtcNow().AddYears(1) });
        var start = _time.GetUtcNow();
        var a = Start("a");
        await _time.AdvanceUntil(Step, () => a.Works);
        Assert.InRange(_time.GetUtcNow() - start, 15 * Second, 25 * Second);
    }

    [Fact]
    public async Task An_old_looking_lease_is_not_taken_while_it_changes()
    {
        var renewals = 0;
        Store(new LeaseSpec { HolderIdentity = "slow", LeaseDurationSeconds = 15, RenewTime = _time.GetUtcNow().AddYears(-1) });
        var start = _time.GetUtcNow();
        var a = Start("a");
        await _time.AdvanceUntil(Second, () =>
        {
            Store(new LeaseSpec { HolderIdentity = "slow", LeaseDurationSeconds = 15, RenewTime = start.AddYears(-1).AddSeconds(++renewals) });
            return _time.GetUtcNow() > start + 60 * Second;
        });
        Assert.Equal(0, a.Terms);
    }

    [Fact]
    public async Task An_absurd_duration_locks_nobody_out_for_ever()
    {
        Store(new LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = int.MaxValue });
        var a = Start("a");
        await _time.AdvanceUntil(TimeSpan.FromMinutes(1), () => a.Works);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_another_may_take_over()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        _server.FailNext("replace", Broken, times: 1000);
        var start = _time.GetUtcNow();
        await _time.AdvanceUntil(Step, () => !a.Works);
        Assert.InRange(_time.GetUtcNow() - start, 10 * Second, 15 * Second);
        Assert.False(a.Elector.IsLeader);
    }

    [Fact]
    public async Task A_renewal_that_hangs_counts_as_failed()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        _server.FailNext("replace", failure: null, times: 100);
        await _time.AdvanceUntil(Step, () => !a.Works);
    }

    [Fact]
    public async Task A_leader_whose_lease_is_taken_stops_at_once_and_competes_again()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        Store(new LeaseSpec { HolderIdentity = "thief", LeaseDurationSeconds = 5 });
        await _time.AdvanceUntil(Step, () => !a.Works);
        Assert.Equal("thief", Stored.Spec!.HolderIdentity);
        await _time.AdvanceUntil(Step, () => a.Terms == 2 && a.Works);
        Assert.Equal("a", Stored.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task Somebody_elses_change_of_the_lease_is_not_the_loss_of_it()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        _server.Put(Stored with { Metadata = Stored.Metadata with { Labels = new Dictionary<string, string> { ["team"] = "x" } } });
        var renewed = Stored.Spec!.RenewTime;
        await _time.AdvanceUntil(Step, () => Stored.Spec!.RenewTime > renewed);
        Assert.Equal(1, a.Terms);
        Assert.Equal("x", Stored.Metadata.Labels?["team"]);
    }

    [Fact]
    public async Task A_deleted_lease_is_made_anew_by_its_leader()
    {
        var a = Start("a");
        await Eventually.That(() => a.Works);
        await _server.DeleteAsync<Lease>(Key, null, CancellationToken.None);
        await _time.AdvanceUntil(Step, () => _server.All<Lease>().Count == 1);
        Assert.Equal(1, a.Terms);
    }

    [Fact]
    public async Task Failures_of_any_kind_do_not_end_the_competition()
    {
        _server.FailNext("find", Broken, times: 3);
        _server.FailNext("find", new InvalidOperationException("A defect."));
        _server.FailNext("create", new KubeException(KubeFailure.AlreadyExists, "Somebody was quicker."));
        var a = Start("a");
        await _time.AdvanceUntil(Step, () => a.Works);
    }

    [Fact]
    public async Task Of_many_only_one_works_at_a_time()
    {
        var working = 0;
        var most = 0;
        var candidates = Enumerable.Range(0, 5).Select(i => Start($"c{i}", works => most = Math.Max(most, Interlocked.Add(ref working, works)))).ToList();
        for (var i = 0; i < candidates.Count; i++)
        {
            await _time.AdvanceUntil(Step, () => candidates.Any(candidate => candidate.Works));
            await candidates.First(candidate => candidate.Works).StopAsync();
        }

        Assert.Equal(1, most);
        Assert.All(candidates, candidate => Assert.Equal(1, candidate.Terms));
    }

    [Fact]
    public async Task Work_that_does_not_stop_in_time_ends_the_election_with_the_lease_kept()
    {
        var stubborn = new TaskCompletionSource();
        var elector = new LeaseElector(_server, new LeaseOptions(Key, "a"), _time, NullLogger.Instance);
        var running = elector.RunAsync(_ => stubborn.Task, CancellationToken.None);
        await Eventually.That(() => elector.IsLeader);
        Store(new LeaseSpec { HolderIdentity = "thief", LeaseDurationSeconds = 15 });
        await _time.AdvanceUntil(Step, () => running.IsCompleted);
        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
        Assert.Equal("thief", Stored.Spec!.HolderIdentity);
        stubborn.SetResult();
    }

    [Fact]
    public async Task Work_that_ends_by_itself_ends_the_election_and_releases_the_lease()
    {
        var elector = new LeaseElector(_server, new LeaseOptions(Key, "a"), _time, NullLogger.Instance);
        await elector.RunAsync(_ => Task.CompletedTask, CancellationToken.None);
        Assert.Equal("", Stored.Spec!.HolderIdentity);
        await Assert.ThrowsAsync<FormatException>(() => elector.RunAsync(_ => throw new FormatException(), CancellationToken.None));
        Assert.Equal("", Stored.Spec!.HolderIdentity);
        Assert.False(elector.IsLeader);
    }

    private void Store(LeaseSpec spec)
        => _server.Put(new Lease { Metadata = new ObjectMeta { Name = Key.Name, Namespace = Key.Namespace }, Spec = spec });

    private Candidate Start(string identity, Action<int>? count = null)
    {
        var candidate = new Candidate(new LeaseElector(_server, new LeaseOptions(Key, identity), _time, NullLogger.Instance), count);
        _candidates.Add(candidate);
        return candidate;
    }
}
