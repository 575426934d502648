using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Traffic;
using CertOperator.Runtime.Objects;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

/// <summary>What only the in-memory client has; what all clients have in common is in the contract.</summary>
public sealed class InMemoryKubeClientTests
{
    private readonly World _world = new();
    private readonly InMemoryKubeClient _client;

    public InMemoryKubeClientTests() => _client = new InMemoryKubeClient(_world.Cluster);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_who_take_a_lease_one_wins()
    {
        await _client.CreateAsync(SomeLease("l", null), Cancel);
        var seen = (await _client.FindAsync<Lease>(Shop("l"), Cancel))!;
        await _client.ReplaceAsync(seen with { Spec = new LeaseSpec { HolderIdentity = "one" } }, Cancel);

        var loser = await Assert.ThrowsAsync<KubeException>(() => _client.ReplaceAsync(seen with { Spec = new LeaseSpec { HolderIdentity = "two" } }, Cancel));

        Assert.Equal(KubeFailure.Conflict, loser.Failure);
        Assert.Equal("one", (await _client.FindAsync<Lease>(Shop("l"), Cancel))!.Spec!.HolderIdentity);
    }

    [Fact]
    public async Task Pages_of_a_list_show_one_moment()
    {
        foreach (var name in new[] { "a", "b", "c", "d" }) await _client.CreateAsync(SomeLease(name, "x"), Cancel);

        var first = await _client.ListAsync<Lease>(new ListOptions("shop", Limit: 2), Cancel);
        await _client.DeleteAsync<Lease>(Shop("c"), null, Cancel);
        await _client.CreateAsync(SomeLease("cc", "x"), Cancel);
        await _client.PatchAsync<Lease>(Shop("d"), Json("""{"spec": {"holderIdentity": "y"}}"""), Cancel);
        var second = await _client.ListAsync<Lease>(new ListOptions("shop", Limit: 2, Continue: first.Continue), Cancel);

        Assert.Equal(["a", "b"], first.Items.Select(lease => lease.Metadata.Name));
        Assert.Equal(["c", "d"], second.Items.Select(lease => lease.Metadata.Name));
        Assert.Equal("x", second.Items[1].Spec!.HolderIdentity);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        Assert.Null(second.Continue);
    }

    [Fact]
    public async Task A_page_of_a_forgotten_list_is_gone()
    {
        foreach (var name in new[] { "a", "b" }) await _client.CreateAsync(SomeLease(name, "x"), Cancel);
        var first = await _client.ListAsync<Lease>(new ListOptions("shop", Limit: 1), Cancel);
        await _client.CreateAsync(SomeLease("c", "x"), Cancel);
        _world.Cluster.CompactHistory();
        await _client.CreateAsync(SomeLease("d", "x"), Cancel);

        var refusal = await Assert.ThrowsAsync<KubeException>(
            () => _client.ListAsync<Lease>(new ListOptions("shop", Limit: 1, Continue: first.Continue), Cancel));

        Assert.Equal(KubeFailure.Gone, refusal.Failure);
    }

    [Fact]
    public async Task A_watch_replays_what_happened_since_its_version()
    {
        var start = (await _client.ListAsync<Lease>(new ListOptions(), Cancel)).ResourceVersion;
        await _client.CreateAsync(SomeLease("l", "x"), Cancel);
        await _client.PatchAsync<Lease>(Shop("l"), Json("""{"spec": {"holderIdentity": "y"}}"""), Cancel);
        await _client.DeleteAsync<Lease>(Shop("l"), null, Cancel);

        var events = await TakeAsync(_client.WatchAsync<Lease>(new ListOptions("shop"), start, Cancel), 3);

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], events.Select(one => one.Type));
        Assert.Equal("y", events[2].Object!.Spec!.HolderIdentity);
        Assert.Equal(events[2].ResourceVersion, events[2].Object!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task To_a_watch_with_a_selector_objects_come_and_go_as_they_begin_and_cease_to_match()
    {
        var start = (await _client.CreateAsync(SomeLease("l", "x"), Cancel)).Metadata.ResourceVersion!;
        await _client.PatchAsync<Lease>(Shop("l"), Json("""{"metadata": {"labels": {"on": "1"}}}"""), Cancel);
        await _client.PatchAsync<Lease>(Shop("l"), Json("""{"spec": {"holderIdentity": "y"}}"""), Cancel);
        await _client.PatchAsync<Lease>(Shop("l"), Json("""{"metadata": {"labels": null}}"""), Cancel);

        var events = await TakeAsync(_client.WatchAsync<Lease>(new ListOptions(LabelSelector: "on"), start, Cancel), 3);

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], events.Select(one => one.Type));
        Assert.Equal("1", events[2].Object!.Metadata.Labels!["on"]);
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_is_gone()
    {
        var start = (await _client.CreateAsync(SomeLease("l", "x"), Cancel)).Metadata.ResourceVersion!;
        await _client.PatchAsync<Lease>(Shop("l"), Json("""{"spec": {"holderIdentity": "y"}}"""), Cancel);
        _world.Cluster.CompactHistory();

        var refusal = await Assert.ThrowsAsync<KubeException>(() => TakeAsync(_client.WatchAsync<Lease>(new ListOptions(), start, Cancel), 1));

        Assert.Equal(KubeFailure.Gone, refusal.Failure);
    }

    [Fact]
    public async Task History_is_bounded()
    {
        var world = new World(new() { HistorySize = 3 });
        var client = new InMemoryKubeClient(world.Cluster);
        var start = (await client.CreateAsync(SomeLease("l", "0"), Cancel)).Metadata.ResourceVersion!;
        for (var i = 1; i <= 4; i++) await client.PatchAsync<Lease>(Shop("l"), new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = $"{i}" } }, Cancel);

        await Assert.ThrowsAsync<KubeException>(() => TakeAsync(client.WatchAsync<Lease>(new ListOptions(), start, Cancel), 1));
    }

    [Fact]
    public async Task A_dropped_watch_ends_without_an_error_after_what_is_queued()
    {
        var start = (await _client.ListAsync<Lease>(new ListOptions(), Cancel)).ResourceVersion;
        await using var watch = _client.WatchAsync<Lease>(new ListOptions(), start, Cancel).GetAsyncEnumerator(Cancel);
        var pending = watch.MoveNextAsync().AsTask();
        await _client.CreateAsync(SomeLease("l", "x"), Cancel);
        _world.Cluster.SendBookmarks();
        _world.Cluster.DropWatches();

        Assert.True(await pending);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(WatchEventType.Bookmark, watch.Current.Type);
        Assert.False(await watch.MoveNextAsync());
    }

    [Fact]
    public async Task An_event_is_undelivered_until_its_consumer_asks_for_the_next()
    {
        var start = (await _client.ListAsync<Lease>(new ListOptions(), Cancel)).ResourceVersion;
        var watch = _client.WatchAsync<Lease>(new ListOptions(), start, Cancel).GetAsyncEnumerator(Cancel);
        var pending = watch.MoveNextAsync().AsTask();
        Assert.Equal(0, _world.Cluster.UndeliveredEvents);

        await _client.CreateAsync(SomeLease("l", "x"), Cancel);
        Assert.True(await pending);
        Assert.Equal(1, _world.Cluster.UndeliveredEvents);

        pending = watch.MoveNextAsync().AsTask();
        Assert.Equal(0, _world.Cluster.UndeliveredEvents);

        await _client.CreateAsync(SomeLease("m", "x"), Cancel);
        await _client.CreateAsync(SomeLease("n", "x"), Cancel);
        Assert.True(await pending);
        await watch.DisposeAsync();
        Assert.Equal(0, _world.Cluster.UndeliveredEvents);
    }

    [Fact]
    public async Task An_object_that_does_not_fit_is_reported_and_the_rest_is_served()
    {
        await _client.CreateAsync(SomeLease("good", "x"), Cancel);
        _world.Cluster.Create(Json("""{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "bad", "namespace": "shop"}, "spec": {"holderIdentity": 5}}"""));

        var list = await _client.ListAsync<Lease>(new ListOptions("shop"), Cancel);
        var events = await TakeAsync(_client.WatchAsync<Lease>(new ListOptions("shop"), "0", Cancel), 2);

        Assert.Equal(["good"], list.Items.Select(lease => lease.Metadata.Name));
        Assert.Equal(Shop("bad"), Assert.Single(list.Undecodable).Key);
        Assert.Contains("$.spec.holderIdentity", list.Undecodable[0].Reason, StringComparison.Ordinal);
        Assert.Equal([WatchEventType.Undecodable, WatchEventType.Added], events.Select(one => one.Type));
    }

    [Fact]
    public async Task What_clients_do_is_on_record_as_RBAC_sees_it()
    {
        _world.Cluster.Requests.Clear();
        await _client.ApplyAsync(SomeLease("l", "x"), "me", true, Cancel);
        await _client.ApplyAsync(SomeLease("l", "y"), "me", true, Cancel);
        await _client.FindAsync<Lease>(Shop("l"), Cancel);
        await _client.DeleteAsync<Lease>(Shop("none"), null, Cancel);

        const string Group = "coordination.k8s.io";
        Assert.Equal(
            new Dictionary<ApiRequest, int>
            {
                [new("patch", Group, "leases")] = 2,
                [new("create", Group, "leases")] = 1,
                [new("get", Group, "leases")] = 1,
                [new("delete", Group, "leases")] = 1,
            },
            _world.Cluster.Requests.Counts);
    }

    private static Lease SomeLease(string name, string? holder)
        => new() { Metadata = new ObjectMeta { Name = name, Namespace = "shop" }, Spec = new LeaseSpec { HolderIdentity = holder } };

    private static async Task<List<WatchEvent<Lease>>> TakeAsync(IAsyncEnumerable<WatchEvent<Lease>> watch, int count)
    {
        var events = new List<WatchEvent<Lease>>();
        await foreach (var one in watch)
        {
            events.Add(one);
            if (events.Count == count) break;
        }

        return events;
    }
}
