using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public abstract partial class KubeClientContract
{
    [Fact]
    public async Task What_is_deleted_is_gone_and_deleting_it_again_is_no_error()
    {
        await Client.CreateAsync(NewWidget("one"), Cancel);

        await Client.DeleteAsync<Widget>(Key("one"), null, Cancel);
        await Client.DeleteAsync<Widget>(Key("one"), null, Cancel);

        Assert.Null(await Client.FindAsync<Widget>(Key("one"), Cancel));
    }

    [Fact]
    public async Task Deleting_another_identity_is_a_Conflict()
    {
        var created = await Client.CreateAsync(NewWidget("one"), Cancel);

        await RefusedAsync(KubeFailure.Conflict, () => Client.DeleteAsync<Widget>(Key("one"), Guid.NewGuid().ToString(), Cancel));
        Assert.NotNull(await Client.FindAsync<Widget>(Key("one"), Cancel));

        await Client.DeleteAsync<Widget>(Key("one"), created.Metadata.Uid, Cancel);
        Assert.Null(await Client.FindAsync<Widget>(Key("one"), Cancel));
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_removed()
    {
        var item = NewWidget("one");
        await Client.CreateAsync(item with { Metadata = item.Metadata with { Finalizers = ["tests.example.com/hold"] } }, Cancel);

        await Client.DeleteAsync<Widget>(Key("one"), null, Cancel);
        Assert.NotNull((await Client.FindAsync<Widget>(Key("one"), Cancel))?.Metadata.DeletionTimestamp);

        await Client.PatchAsync<Widget>(Key("one"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cancel);
        Assert.Null(await Client.FindAsync<Widget>(Key("one"), Cancel));
    }

    [Fact]
    public async Task An_object_that_is_being_deleted_takes_no_new_finalizer()
    {
        var item = NewWidget("one");
        await Client.CreateAsync(item with { Metadata = item.Metadata with { Finalizers = ["tests.example.com/hold"] } }, Cancel);
        await Client.DeleteAsync<Widget>(Key("one"), null, Cancel);

        var more = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("tests.example.com/hold", "tests.example.com/more") } };

        await RefusedAsync(KubeFailure.Invalid, () => Client.PatchAsync<Widget>(Key("one"), more, Cancel));
    }

    [Fact]
    public async Task What_an_object_owns_goes_with_it()
    {
        var owner = await OwnerAsync("owner");
        await Client.CreateAsync(TlsSecret("owned") with { Metadata = Meta("owned") with { OwnerReferences = [owner] } }, Cancel);
        await Client.CreateAsync(TlsSecret("free"), Cancel);
        var list = await Client.ListAsync<Secret>(new ListOptions(Ns), Cancel);

        await Client.DeleteAsync<ConfigMap>(Key("owner"), null, Cancel);
        CollectGarbage();

        await GoneAsync<Secret>("owned", list.ResourceVersion);
        Assert.NotNull(await Client.FindAsync<Secret>(Key("free"), Cancel));
    }

    [Fact]
    public async Task A_write_into_a_namespace_that_is_being_deleted_says_so()
    {
        var item = NewWidget("one");
        await Client.CreateAsync(item with { Metadata = item.Metadata with { Finalizers = ["tests.example.com/hold"] } }, Cancel);
        await Client.DeleteAsync<Namespace>(ObjectKey.Cluster(Ns), null, Cancel);

        // The real server learns of the deletion from a cache of its own, so the first writes may still get through.
        KubeException? refusal = null;
        for (int i = 0; refusal is null && i < 200; i++)
        {
            try
            {
                await Client.CreateAsync(NewWidget($"late-{i}"), Cancel);
            }
            catch (KubeException refused)
            {
                refusal = refused;
            }
        }

        Assert.Equal(KubeFailure.Forbidden, refusal?.Failure);
        Assert.True(refusal!.NamespaceTerminating);

        await Client.PatchAsync<Widget>(Key("one"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cancel);
    }

    [Fact]
    public async Task Nothing_is_left_to_do_in_a_namespace_that_does_not_exist()
    {
        var item = NewWidget("one");
        var nowhere = item with { Metadata = item.Metadata with { Namespace = "nowhere" } };

        foreach (var write in (Func<Task>[])[() => Client.CreateAsync(nowhere, Cancel), () => Client.ApplyAsync(nowhere, "ours", true, Cancel)])
            Assert.True((await RefusedAsync(KubeFailure.NotFound, write)).NamespaceTerminating);
    }

    private async Task GoneAsync<T>(string name, string since) where T : class, IKubeObject<T>
    {
        await using var watch = Client.WatchAsync<T>(new ListOptions(Ns, FieldSelector: $"metadata.name={name}"), since, Cancel).GetAsyncEnumerator(Cancel);
        while ((await NextChangeAsync(watch)).Type != WatchEventType.Deleted) { }
    }
}
