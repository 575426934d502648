using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class ObjectLifecycleTests
{
    private readonly World _world = new();

    [Fact]
    public void A_new_object_gets_its_identity_from_the_cluster()
    {
        var created = _world.Cluster.Create(Widget("a", metadata: """{"uid": "mine", "creationTimestamp": "2001-01-01T00:00:00Z", "generation": 7}"""));

        var metadata = created["metadata"]!;
        Assert.True(Guid.TryParse((string?)metadata["uid"], out _));
        Assert.Equal("2026-03-01T12:00:00Z", (string?)metadata["creationTimestamp"]);
        Assert.Equal(1, (long)metadata["generation"]!);
        Assert.True(long.Parse(Version(created)) > 0);
    }

    [Fact]
    public void Versions_rise_across_kinds()
    {
        var first = _world.Cluster.Create(Widget("a"));
        var second = _world.Cluster.Create(Secret("a", "Opaque"));

        Assert.True(long.Parse(Version(second)) > long.Parse(Version(first)));
    }

    [Fact]
    public void Generation_counts_changes_of_the_spec_only()
    {
        _world.Cluster.Create(Widget("a"));
        _world.ApplyStatus("operator", WidgetStatus("a", """{"phase": "Done"}"""));
        var labelled = _world.Patch(Widgets, "a", """{"metadata": {"labels": {"x": "y"}}}""");
        var changed = _world.Patch(Widgets, "a", """{"spec": {"size": 2}}""");

        Assert.Equal(1, (long)labelled["metadata"]!["generation"]!);
        Assert.Equal(2, (long)changed["metadata"]!["generation"]!);
    }

    [Fact]
    public void A_write_that_changes_nothing_makes_no_version()
    {
        var created = _world.Cluster.Create(Widget("a"));

        Assert.Equal(Version(created), Version(_world.Patch(Widgets, "a", """{"spec": {"size": 1}}""")));
        Assert.Equal(Version(created), Version(_world.Replace(created)));
    }

    [Fact]
    public void A_generated_name_starts_as_asked()
    {
        var json = Widget("", metadata: """{"generateName": "part-"}""");
        json["metadata"]!.AsObject().Remove("name");

        Assert.Matches("^part-[a-z0-9]{5}$", (string)_world.Cluster.Create(json)["metadata"]!["name"]!);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        _world.Cluster.Create(Widget("a"));

        var refusal = Refusal(() => _world.Cluster.Create(Widget("a")));

        Assert.Equal((409, "AlreadyExists"), (refusal.Code, refusal.Reason));
        Assert.Equal("widgets.tests.example \"a\" already exists", refusal.Message);
    }

    [Fact]
    public void A_replacement_of_an_older_version_is_a_conflict()
    {
        var read = _world.Cluster.Create(Widget("a"));
        _world.Patch(Widgets, "a", """{"spec": {"size": 2}}""");
        read["spec"]!["size"] = 3;

        var refusal = Refusal(() => _world.Replace(read));

        Assert.Equal((409, "Conflict"), (refusal.Code, refusal.Reason));
        Assert.Equal(2, (int)_world.Cluster.Find(Widgets, Shop("a"))!["spec"]!["size"]!);
    }

    [Fact]
    public void A_custom_object_is_replaced_only_with_a_version()
    {
        var read = _world.Cluster.Create(Widget("a"));
        read["metadata"]!.AsObject().Remove("resourceVersion");

        Assert.Contains("must be specified for an update", Refusal(() => _world.Replace(read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_another_uid_is_not_changed()
    {
        var read = _world.Cluster.Create(Widget("a"));
        read["metadata"]!["uid"] = "other";

        Assert.Contains("Precondition failed: UID in precondition: other", Refusal(() => _world.Replace(read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_door_leaves_the_others_fields_alone()
    {
        var created = _world.Cluster.Create(WithStatus(Widget("a"), "Ignored"));
        Assert.Null(created["status"]);

        var withStatus = _world.ReplaceStatus(WithStatus(WithSize(created, 9), "Ready"));
        Assert.Equal(1, (int)withStatus["spec"]!["size"]!);
        Assert.Equal("Ready", (string)withStatus["status"]!["phase"]!);

        var withSpec = _world.Replace(WithStatus(WithSize(withStatus, 5), "Forged"));
        Assert.Equal(5, (int)withSpec["spec"]!["size"]!);
        Assert.Equal("Ready", (string)withSpec["status"]!["phase"]!);
    }

    [Fact]
    public void A_kind_without_status_has_no_such_door()
    {
        var secret = _world.Cluster.Create(Secret("a", "Opaque"));

        Assert.Equal(404, Refusal(() => _world.ReplaceStatus(secret)).Code);
    }

    [Fact]
    public void Finalizers_keep_a_deleted_object_until_the_last_is_gone()
    {
        _world.Cluster.Create(Widget("a", metadata: """{"finalizers": ["tests.example/x"]}"""));

        _world.Cluster.Delete(Widgets, Shop("a"));
        var marked = _world.Cluster.Find(Widgets, Shop("a"))!;
        Assert.Equal("2026-03-01T12:00:00Z", (string?)marked["metadata"]!["deletionTimestamp"]);
        Assert.Equal(2, (long)marked["metadata"]!["generation"]!);

        _world.Patch(Widgets, "a", """{"metadata": {"finalizers": null}}""");
        Assert.Null(_world.Cluster.Find(Widgets, Shop("a")));
    }

    [Fact]
    public void An_object_that_is_being_deleted_takes_no_new_finalizer()
    {
        _world.Cluster.Create(Widget("a", metadata: """{"finalizers": ["tests.example/x"]}"""));
        _world.Cluster.Delete(Widgets, Shop("a"));

        var refusal = Refusal(() => _world.Patch(Widgets, "a", """{"metadata": {"finalizers": ["tests.example/x", "tests.example/y"]}}"""));

        Assert.Equal(422, refusal.Code);
        Assert.Contains("no new finalizers can be added", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deleting_what_is_not_there_is_refused()
        => Assert.Equal("widgets.tests.example \"a\" not found", Assert.Throws<Runtime.InMemory.Errors.ApiStatusException>(() => _world.Cluster.Delete(Widgets, Shop("a"))).Message);

    [Fact]
    public void A_namespace_must_exist()
    {
        var refusal = Refusal(() => _world.Cluster.Create(Elsewhere(Widget("a"))));

        Assert.Equal((404, "namespaces \"elsewhere\" not found"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void A_namespace_is_made_on_the_way_if_the_cluster_is_so_minded()
    {
        var world = new World(new() { CreateNamespaces = true });

        world.Cluster.Create(Elsewhere(Widget("a")));

        Assert.Equal("Active", (string?)world.Cluster.Find(Namespaces, ObjectKey.Cluster("elsewhere"))!["status"]!["phase"]);
    }

    [Fact]
    public void A_kind_is_unknown_until_its_definition_is_there_and_again_when_it_is_gone()
    {
        _world.Cluster.Create(Widget("a"));
        var definitions = _world.Cluster.TypeOf("apiextensions.k8s.io/v1", "CustomResourceDefinition");

        _world.Cluster.Delete(definitions, ObjectKey.Cluster("widgets.tests.example"));
        Assert.Equal(404, Refusal(() => _world.Cluster.Create(Widget("b"))).Code);

        _world.Cluster.RegisterCrd(WidgetCrd);
        Assert.Empty(_world.Cluster.List(Widgets));
    }

    [Fact]
    public void What_is_read_is_a_copy()
    {
        _world.Cluster.Create(Widget("a"));

        _world.Cluster.Find(Widgets, Shop("a"))!["spec"]!["size"] = 9;

        Assert.Equal(1, (int)_world.Cluster.Find(Widgets, Shop("a"))!["spec"]!["size"]!);
    }

    private static JsonObject WithStatus(JsonObject widget, string phase)
    {
        var copy = widget.DeepClone().AsObject();
        copy["status"] = new JsonObject { ["phase"] = phase };
        return copy;
    }

    private static JsonObject WithSize(JsonObject widget, int size)
    {
        var copy = widget.DeepClone().AsObject();
        copy["spec"]!["size"] = size;
        return copy;
    }

    private static JsonObject Elsewhere(JsonObject widget)
    {
        widget["metadata"]!["namespace"] = "elsewhere";
        return widget;
    }
}
