using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public abstract partial class KubeClientContract
{
    [Fact]
    public async Task A_watch_tells_every_change_after_the_list()
    {
        await Client.CreateAsync(NewWidget("before"), Cancel);
        var list = await Client.ListAsync<Widget>(new ListOptions(Ns), Cancel);
        await Client.CreateAsync(NewWidget("one"), Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Size(2), Cancel);
        await Client.DeleteAsync<Widget>(Key("one"), null, Cancel);

        var changes = await WatchAsync<Widget>(new ListOptions(Ns), list.ResourceVersion, 3);

        Assert.Equal(
            [(WatchEventType.Added, "one", 1), (WatchEventType.Modified, "one", 2), (WatchEventType.Deleted, "one", 2)],
            changes.Select(change => (change.Type, change.Object!.Metadata.Name!, change.Object.Spec!.Size!.Value)));
        Assert.Equal(changes[1].Object!.Metadata.ResourceVersion, changes[1].ResourceVersion);
    }

    [Fact]
    public async Task A_watch_goes_on_from_any_event_without_losing_or_repeating_one()
    {
        var list = await Client.ListAsync<Widget>(new ListOptions(Ns), Cancel);
        foreach (var name in new[] { "a", "b", "c" }) await Client.CreateAsync(NewWidget(name), Cancel);
        var first = await WatchAsync<Widget>(new ListOptions(Ns), list.ResourceVersion, 1);

        var rest = await WatchAsync<Widget>(new ListOptions(Ns), first[0].ResourceVersion, 2);

        Assert.Equal(["b", "c"], rest.Select(change => change.Object!.Metadata.Name));
    }

    [Fact]
    public async Task A_watch_tells_what_happens_while_it_runs()
    {
        var list = await Client.ListAsync<Widget>(new ListOptions(Ns), Cancel);
        await using var watch = Client.WatchAsync<Widget>(new ListOptions(Ns), list.ResourceVersion, Cancel).GetAsyncEnumerator(Cancel);
        var next = NextChangeAsync(watch);
        Assert.False(next.IsCompleted);

        await Client.CreateAsync(NewWidget("one"), Cancel);

        Assert.Equal((WatchEventType.Added, "one"), ((await next).Type, (await next).Object?.Metadata.Name));
    }

    [Fact]
    public async Task An_object_that_leaves_or_enters_the_selection_is_deleted_or_added()
    {
        var options = new ListOptions(Ns, LabelSelector: "app=web");
        var list = await Client.ListAsync<Widget>(options, Cancel);
        await Client.CreateAsync(NewWidget("one"), Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Label("web"), Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Size(2), Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Label("db"), Cancel);

        var changes = await WatchAsync<Widget>(options, list.ResourceVersion, 3);

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], changes.Select(change => change.Type));
    }

    [Fact]
    public async Task Only_Secrets_of_the_chosen_type_are_told()
    {
        var options = new ListOptions(Ns, FieldSelector: "type=kubernetes.io/tls");
        var list = await Client.ListAsync<Secret>(options, Cancel);
        await Client.CreateAsync(new Secret { Metadata = Meta("opaque"), SecretType = "Opaque" }, Cancel);
        await Client.CreateAsync(TlsSecret("tls"), Cancel);

        Assert.Equal("tls", Assert.Single(await WatchAsync<Secret>(options, list.ResourceVersion, 1)).Object?.Metadata.Name);
    }

    [Fact]
    public async Task A_version_of_long_ago_is_Gone()
    {
        await Client.CreateAsync(NewWidget("one"), Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Size(2), Cancel);
        CompactHistory();

        await RefusedAsync(KubeFailure.Gone, () => WatchAsync<Widget>(new ListOptions(Ns), "1", 1));
    }

    [Fact]
    public async Task A_changed_object_that_does_not_fit_is_told_and_the_watch_goes_on()
    {
        var list = await Client.ListAsync<Gadget>(new ListOptions(Ns), Cancel);
        await Client.CreateAsync(new WholeGadget { Metadata = Meta("bad"), Spec = new JsonObject { ["size"] = "large" } }, Cancel);
        await Client.CreateAsync(new Gadget { Metadata = Meta("good"), Spec = new GadgetSpec { Size = 3 } }, Cancel);

        var changes = await WatchAsync<Gadget>(new ListOptions(Ns), list.ResourceVersion, 2);

        Assert.Equal([WatchEventType.Undecodable, WatchEventType.Added], changes.Select(change => change.Type));
        Assert.Equal(Key("bad"), changes[0].Undecodable?.Key);
        Assert.NotEmpty(changes[0].ResourceVersion);
        Assert.Null(changes[0].Object);
    }

    [Fact]
    public async Task Canceling_ends_a_watch()
    {
        using var stop = new CancellationTokenSource();
        var list = await Client.ListAsync<Widget>(new ListOptions(Ns), Cancel);
        await using var watch = Client.WatchAsync<Widget>(new ListOptions(Ns), list.ResourceVersion, stop.Token).GetAsyncEnumerator(Cancel);
        var next = watch.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    /// <summary>The first changes, bookmarks left out.</summary>
    protected async Task<List<WatchEvent<T>>> WatchAsync<T>(ListOptions options, string version, int count) where T : class, IKubeObject<T>
    {
        var changes = new List<WatchEvent<T>>();
        await using var watch = Client.WatchAsync<T>(options, version, Cancel).GetAsyncEnumerator(Cancel);
        while (changes.Count < count) changes.Add(await NextChangeAsync(watch));
        return changes;
    }

    protected static async Task<WatchEvent<T>> NextChangeAsync<T>(IAsyncEnumerator<WatchEvent<T>> watch) where T : class, IKubeObject<T>
    {
        while (await watch.MoveNextAsync())
        {
            if (watch.Current.Type != WatchEventType.Bookmark) return watch.Current;
        }

        throw new InvalidOperationException("the watch ended");
    }

    private static JsonObject Size(int size) => new() { ["spec"] = new JsonObject { ["size"] = size } };

    private static JsonObject Label(string app) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = app } } };
}
