using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public abstract partial class KubeClientContract
{
    [Fact]
    public async Task Apply_creates_and_then_changes()
    {
        var created = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);
        var changed = await Client.ApplyAsync(Data("one", ("a", "2")), "ours", false, Cancel);

        Assert.Equal(created.Metadata.Uid, changed.Metadata.Uid);
        Assert.Equal("2", changed.Data?["a"]);
        Assert.NotEqual(created.Metadata.ResourceVersion, changed.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Applying_the_same_again_makes_no_new_version()
    {
        var first = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);
        var second = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);

        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_field_left_out_is_removed_and_what_others_own_is_kept()
    {
        await Client.ApplyAsync(Data("one", ("a", "1"), ("b", "2")), "ours", false, Cancel);
        await Client.ApplyAsync(Data("one", ("c", "3")), "theirs", false, Cancel);

        var applied = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);

        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["c"] = "3" }, applied.Data);
    }

    [Fact]
    public async Task A_field_that_two_own_stays_when_one_leaves_it_out()
    {
        await Client.ApplyAsync(Data("one", ("a", "1"), ("b", "2")), "ours", false, Cancel);
        await Client.ApplyAsync(Data("one", ("b", "2")), "theirs", false, Cancel);

        var applied = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);

        Assert.Equal("2", applied.Data?["b"]);
    }

    [Fact]
    public async Task Changing_what_another_owns_is_a_Conflict_that_names_field_and_owner_and_force_takes_it_over()
    {
        await Client.ApplyAsync(Data("one", ("a", "1")), "theirs", false, Cancel);

        var refusal = await RefusedAsync(KubeFailure.Conflict, () => Client.ApplyAsync(Data("one", ("a", "2")), "ours", false, Cancel));
        Assert.Contains("theirs", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".data.a", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await Client.FindAsync<ConfigMap>(Key("one"), Cancel))?.Data?["a"]);

        Assert.Equal("2", (await Client.ApplyAsync(Data("one", ("a", "2")), "ours", true, Cancel)).Data?["a"]);
        await RefusedAsync(KubeFailure.Conflict, () => Client.ApplyAsync(Data("one", ("a", "1")), "theirs", false, Cancel));
    }

    [Fact]
    public async Task A_merge_patch_owns_what_it_changes()
    {
        await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);
        await Client.PatchAsync<ConfigMap>(Key("one"), new JsonObject { ["data"] = new JsonObject { ["a"] = "patched" } }, Cancel);

        await RefusedAsync(KubeFailure.Conflict, () => Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel));
    }

    [Fact]
    public async Task Apply_is_conditional_on_the_version_and_the_identity_that_it_names()
    {
        var created = await Client.ApplyAsync(Data("one", ("a", "1")), "ours", false, Cancel);
        var current = await Client.ApplyAsync(Data("one", ("a", "2")), "ours", false, Cancel);

        await RefusedAsync(KubeFailure.Conflict, () => ApplyAsync(Meta("one") with { ResourceVersion = created.Metadata.ResourceVersion }));
        await RefusedAsync(KubeFailure.Invalid, () => ApplyAsync(Meta("one") with { Uid = Guid.NewGuid().ToString() }));
        Assert.Equal("2", (await Client.FindAsync<ConfigMap>(Key("one"), Cancel))?.Data?["a"]);

        var applied = await ApplyAsync(Meta("one") with { ResourceVersion = current.Metadata.ResourceVersion, Uid = current.Metadata.Uid });
        Assert.Equal("3", applied.Data?["a"]);
    }

    [Fact]
    public async Task Apply_wants_a_name()
        => await RefusedAsync(KubeFailure.Invalid, () => Client.ApplyAsync(new ConfigMap { Metadata = new ObjectMeta { Namespace = Ns } }, "ours", true, Cancel));

    [Fact]
    public async Task Status_and_the_rest_are_written_apart()
    {
        var created = await Client.CreateAsync(NewWidget("one") with { Status = new WidgetStatus { Count = 9 } }, Cancel);
        Assert.Null(created.Status);

        var counted = await Client.ApplyStatusAsync(NewWidget("one", size: 5) with { Status = new WidgetStatus { Count = 1 } }, "ours", Cancel);
        Assert.Equal((1, 1), (counted.Status?.Count, counted.Spec?.Size));

        var resized = await Client.ApplyAsync(NewWidget("one", size: 7) with { Status = new WidgetStatus { Count = 2 } }, "ours", true, Cancel);
        Assert.Equal((1, 7), (resized.Status?.Count, resized.Spec?.Size));
    }

    [Fact]
    public async Task A_status_is_applied_without_a_spec_and_never_creates()
    {
        var status = new Widget { Metadata = Meta("one"), Status = new WidgetStatus { Count = 1 } };
        await RefusedAsync(KubeFailure.NotFound, () => Client.ApplyStatusAsync(status, "ours", Cancel));

        await Client.CreateAsync(NewWidget("one"), Cancel);
        Assert.Equal(1, (await Client.ApplyStatusAsync(status, "ours", Cancel)).Status?.Count);
        Assert.Null((await Client.ApplyStatusAsync(Conditions(Condition("Ready", "True")), "ours", Cancel)).Status?.Count);
    }

    [Fact]
    public async Task Generation_rises_with_the_spec_only()
    {
        var created = await Client.CreateAsync(NewWidget("one"), Cancel);
        await Client.ApplyStatusAsync(new Widget { Metadata = Meta("one"), Status = new WidgetStatus { Count = 1 } }, "ours", Cancel);
        await Client.PatchAsync<Widget>(Key("one"), Label("web"), Cancel);
        var labeled = await Client.FindAsync<Widget>(Key("one"), Cancel);
        var resized = await Client.PatchAsync<Widget>(Key("one"), Size(2), Cancel);

        Assert.Equal((1L, 1L, 2L), (created.Metadata.Generation!.Value, labeled!.Metadata.Generation!.Value, resized.Metadata.Generation!.Value));
    }

    [Fact]
    public async Task Conditions_are_merged_by_type()
    {
        await Client.CreateAsync(NewWidget("one"), Cancel);
        await Client.ApplyStatusAsync(Conditions(Condition("Ready", "False"), Condition("Synced", "True")), "ours", Cancel);
        await Client.ApplyStatusAsync(Conditions(Condition("Probed", "True")), "theirs", Cancel);

        var applied = await Client.ApplyStatusAsync(Conditions(Condition("Ready", "True")), "ours", Cancel);

        Assert.Equal(
            [("Probed", "True"), ("Ready", "True")],
            applied.Status!.Conditions!.Select(condition => (condition.Type, condition.Status)).Order());
    }

    [Fact]
    public async Task Owners_are_merged_by_uid()
    {
        var (a, b, c) = (await OwnerAsync("a"), await OwnerAsync("b"), await OwnerAsync("c"));
        await Client.ApplyAsync(Owned("one", a), "ours", false, Cancel);
        await Client.ApplyAsync(Owned("one", b), "theirs", false, Cancel);

        var applied = await Client.ApplyAsync(Owned("one", a, c), "ours", false, Cancel);

        Assert.Equal(["a", "b", "c"], applied.Metadata.OwnerReferences!.Select(owner => owner.Name).Order());
    }

    private Task<ConfigMap> ApplyAsync(ObjectMeta metadata)
        => Client.ApplyAsync(new ConfigMap { Metadata = metadata, Data = new Dictionary<string, string> { ["a"] = "3" } }, "ours", true, Cancel);

    private ConfigMap Data(string name, params (string Key, string Value)[] data)
        => new() { Metadata = Meta(name), Data = data.ToDictionary(pair => pair.Key, pair => pair.Value) };

    private Widget Conditions(params Condition[] conditions)
        => new() { Metadata = Meta("one"), Status = new WidgetStatus { Conditions = conditions } };

    private static Condition Condition(string type, string status) => new() { Type = type, Status = status, Reason = "Tested", Message = "." };

    private ConfigMap Owned(string name, params OwnerReference[] owners) => new() { Metadata = Meta(name) with { OwnerReferences = owners } };

    private async Task<OwnerReference> OwnerAsync(string name)
    {
        var owner = await Client.CreateAsync(Config(name, "v"), Cancel);
        return new OwnerReference { ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = name, Uid = owner.Metadata.Uid! };
    }
}
