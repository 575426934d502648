using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

/// <summary>
/// What every <see cref="IKubeClient"/> does. It is run against the in-memory cluster, against that cluster over HTTP,
/// and against a real kube-apiserver: where they differ, the real one is right.
/// </summary>
public abstract partial class KubeClientContract : IAsyncLifetime
{
    protected IKubeClient Client { get; private set; } = null!;

    /// <summary>A namespace of this test's own.</summary>
    protected string Ns { get; } = $"contract-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Client = await ConnectAsync();
        await Client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = Ns } }, Cancel);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>A client of a cluster that serves the kinds of <see cref="TestCrds"/>.</summary>
    protected abstract Task<IKubeClient> ConnectAsync();

    /// <summary>Lets owner references take effect, where that does not happen by itself.</summary>
    protected abstract void CollectGarbage();

    /// <summary>Makes resourceVersion 1 too old to watch from, where it is not by itself.</summary>
    protected abstract void CompactHistory();

    [Fact]
    public async Task What_is_created_can_be_read()
    {
        var created = await Client.CreateAsync(Config("one", "v"), Cancel);
        var found = await Client.FindAsync<ConfigMap>(Key("one"), Cancel);

        Assert.Equal("v", found?.Data?["k"]);
        Assert.Equal(Ns, found?.Metadata.Namespace);
        Assert.Equal(created.Metadata.Uid, found?.Metadata.Uid);
        Assert.Equal(created.Metadata.ResourceVersion, found?.Metadata.ResourceVersion);
        Assert.NotNull(found?.Metadata.CreationTimestamp);
    }

    [Fact]
    public async Task What_does_not_exist_is_null() => Assert.Null(await Client.FindAsync<ConfigMap>(Key("none"), Cancel));

    [Fact]
    public async Task Creating_twice_is_AlreadyExists()
    {
        await Client.CreateAsync(Config("one", "v"), Cancel);

        await RefusedAsync(KubeFailure.AlreadyExists, () => Client.CreateAsync(Config("one", "w"), Cancel));
        Assert.Equal("v", (await Client.FindAsync<ConfigMap>(Key("one"), Cancel))?.Data?["k"]);
    }

    [Fact]
    public async Task A_generated_name_is_unique_and_keeps_its_beginning()
    {
        var item = new ConfigMap { Metadata = new ObjectMeta { GenerateName = "gen-", Namespace = Ns } };

        var first = (await Client.CreateAsync(item, Cancel)).Metadata.Name;
        var second = (await Client.CreateAsync(item, Cancel)).Metadata.Name;

        Assert.StartsWith("gen-", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Writing_into_a_namespace_that_does_not_exist_is_NotFound()
    {
        var item = new ConfigMap { Metadata = new ObjectMeta { Name = "one", Namespace = Ns + "-none" } };

        await RefusedAsync(KubeFailure.NotFound, () => Client.CreateAsync(item, Cancel));
        await RefusedAsync(KubeFailure.NotFound, () => Client.ApplyAsync(item, "m", true, Cancel));
    }

    [Fact]
    public async Task A_kind_that_is_not_served_is_NotFound_and_never_taken_for_an_absent_object()
    {
        await RefusedAsync(KubeFailure.NotFound, () => Client.FindAsync<Unserved>(Key("one"), Cancel));
        await RefusedAsync(KubeFailure.NotFound, () => Client.ListAsync<Unserved>(new ListOptions(), Cancel));
        await RefusedAsync(KubeFailure.NotFound, () => Client.CreateAsync(new Unserved { Metadata = Meta("one") }, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    public async Task A_name_that_no_object_can_have_is_Invalid(string name)
    {
        await RefusedAsync(KubeFailure.Invalid, () => Client.FindAsync<ConfigMap>(Key(name), Cancel));
        await RefusedAsync(KubeFailure.Invalid, () => Client.PatchAsync<ConfigMap>(Key(name), [], Cancel));
        await RefusedAsync(KubeFailure.Invalid, () => Client.DeleteAsync<ConfigMap>(Key(name), null, Cancel));
        await RefusedAsync(KubeFailure.Invalid, () => Client.FindAsync<ConfigMap>(new ObjectKey(name, "one"), Cancel));
    }

    [Fact]
    public async Task Replacing_a_stale_version_is_a_Conflict()
    {
        var first = await Client.CreateAsync(Lease("a"), Cancel);
        var second = await Client.ReplaceAsync(first with { Spec = first.Spec! with { HolderIdentity = "b" } }, Cancel);

        await RefusedAsync(KubeFailure.Conflict, () => Client.ReplaceAsync(first with { Spec = first.Spec! with { HolderIdentity = "c" } }, Cancel));
        Assert.Equal("b", (await Client.FindAsync<Lease>(Key("lease"), Cancel))?.Spec?.HolderIdentity);
        Assert.NotEqual(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Replacing_what_does_not_exist_is_NotFound()
        => await RefusedAsync(KubeFailure.NotFound, () => Client.ReplaceAsync(NewWidget("none") with { Metadata = Meta("none") with { ResourceVersion = "5" } }, Cancel));

    [Fact]
    public async Task A_lease_keeps_its_times_to_the_microsecond()
    {
        var at = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).AddMicroseconds(654321);
        var item = Lease("a");
        await Client.CreateAsync(item with { Spec = item.Spec! with { AcquireTime = at, RenewTime = at.AddMicroseconds(-654321) } }, Cancel);

        var found = await Client.FindAsync<Lease>(Key("lease"), Cancel);

        Assert.Equal((at, at.AddMicroseconds(-654321)), (found?.Spec?.AcquireTime, found?.Spec?.RenewTime));
    }

    [Fact]
    public async Task A_merge_patch_changes_removes_and_keeps()
    {
        await Client.CreateAsync(new ConfigMap { Metadata = Meta("one"), Data = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "3" } }, Cancel);

        var patched = await Client.PatchAsync<ConfigMap>(
            Key("one"), new JsonObject { ["data"] = new JsonObject { ["a"] = "9", ["b"] = null, ["d"] = "4" } }, Cancel);

        Assert.Equal(new Dictionary<string, string> { ["a"] = "9", ["c"] = "3", ["d"] = "4" }, patched.Data);
    }

    [Fact]
    public async Task A_merge_patch_never_creates_and_may_be_conditional()
    {
        await RefusedAsync(KubeFailure.NotFound, () => Client.PatchAsync<ConfigMap>(Key("none"), [], Cancel));

        await Client.CreateAsync(Config("one", "v"), Cancel);
        var stale = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["data"] = new JsonObject { ["k"] = "w" } };
        await RefusedAsync(KubeFailure.Conflict, () => Client.PatchAsync<ConfigMap>(Key("one"), stale, Cancel));
    }

    [Fact]
    public async Task A_write_that_changes_nothing_makes_no_new_version()
    {
        var created = await Client.CreateAsync(Config("one", "v"), Cancel);

        var patched = await Client.PatchAsync<ConfigMap>(Key("one"), new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } }, Cancel);

        Assert.Equal(created.Metadata.ResourceVersion, patched.Metadata.ResourceVersion);
    }

    protected ObjectKey Key(string name) => new(Ns, name);

    protected ObjectMeta Meta(string name) => new() { Name = name, Namespace = Ns };

    protected ConfigMap Config(string name, string value)
        => new() { Metadata = Meta(name), Data = new Dictionary<string, string> { ["k"] = value } };

    protected Widget NewWidget(string name, int size = 1) => new() { Metadata = Meta(name), Spec = new WidgetSpec { Size = size } };

    /// <summary>The refusal of a call that must be refused.</summary>
    protected static async Task<KubeException> RefusedAsync(KubeFailure expected, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<KubeException>(call);
        Assert.Equal(expected, refusal.Failure);
        return refusal;
    }

    private Lease Lease(string holder)
        => new() { Metadata = Meta("lease"), Spec = new LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 } };
}
