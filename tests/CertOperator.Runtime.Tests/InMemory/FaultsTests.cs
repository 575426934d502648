using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class FaultsTests
{
    private readonly World _world = new();
    private readonly InMemoryKubeClient _client;

    public FaultsTests() => _client = new InMemoryKubeClient(_world.Cluster);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Lease SomeLease => new() { Metadata = new ObjectMeta { Name = "l", Namespace = "shop" } };

    [Fact]
    public async Task A_failure_lasts_as_often_as_asked_and_only_for_its_verb_and_kind()
    {
        _world.Cluster.Faults.FailNext("create", Lease.Type, KubeFailure.Throttled, times: 2, retryAfter: TimeSpan.FromSeconds(7));
        await _client.FindAsync<Lease>(Shop("l"), Cancel);

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(SomeLease, Cancel));
            Assert.Equal((KubeFailure.Throttled, TimeSpan.FromSeconds(7)), (failure.Failure, failure.RetryAfter));
        }

        Assert.NotNull(await _client.CreateAsync(SomeLease, Cancel));
    }

    [Theory]
    [InlineData(KubeFailure.Conflict)]
    [InlineData(KubeFailure.Forbidden)]
    [InlineData(KubeFailure.Unauthorized)]
    [InlineData(KubeFailure.Gone)]
    [InlineData(KubeFailure.Invalid)]
    [InlineData(KubeFailure.NotFound)]
    [InlineData(KubeFailure.AlreadyExists)]
    [InlineData(KubeFailure.Throttled)]
    [InlineData(KubeFailure.Unavailable)]
    [InlineData(KubeFailure.Other)]
    public async Task Every_failure_reaches_the_client_as_itself(KubeFailure failure)
    {
        _world.Cluster.Faults.FailNext(null, null, failure);

        Assert.Equal(failure, (await Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(SomeLease, Cancel))).Failure);
    }

    [Fact]
    public async Task A_lost_reply_leaves_the_work_done()
    {
        _world.Cluster.Faults.LoseReplyOfNext("create", Lease.Type);

        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => _client.CreateAsync(SomeLease, Cancel))).Failure);
        Assert.NotNull(await _client.FindAsync<Lease>(Shop("l"), Cancel));
    }

    [Fact]
    public async Task A_competing_write_comes_between_a_read_and_its_write()
    {
        var read = await _client.CreateAsync(SomeLease, Cancel);
        _world.Cluster.Faults.BeforeNext("update", Lease.Type, () => _world.Cluster.Patch(Lease.Type, Shop("l"), Json("""{"spec": {"holderIdentity": "rival"}}""")));

        var failure = await Assert.ThrowsAsync<KubeException>(() => _client.ReplaceAsync(read with { Spec = new LeaseSpec { HolderIdentity = "me" } }, Cancel));

        Assert.Equal(KubeFailure.Conflict, failure.Failure);
        Assert.Equal("rival", (await _client.FindAsync<Lease>(Shop("l"), Cancel))!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task A_held_request_waits_for_its_gate()
    {
        var gate = _world.Cluster.Faults.HoldNext("create", null);
        var create = _client.CreateAsync(SomeLease, Cancel);
        await gate.Arrived;
        Assert.Null(await _client.FindAsync<Lease>(Shop("l"), Cancel));

        gate.Open();

        Assert.NotNull(await create);
    }

    [Fact]
    public async Task A_held_request_can_be_given_up()
    {
        _world.Cluster.Faults.HoldNext("create", null);
        using var impatience = new CancellationTokenSource();
        var create = _client.CreateAsync(SomeLease, impatience.Token);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Null(await _client.FindAsync<Lease>(Shop("l"), Cancel));
    }
}
