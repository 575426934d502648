using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class GarbageCollectorTests
{
    private readonly World _world = new();

    [Fact]
    public void What_is_owned_goes_with_its_owner_and_so_on_down()
    {
        var a = _world.Cluster.Create(Widget("a"));
        var b = _world.Cluster.Create(OwnedBy(Widget("b"), a));
        _world.Cluster.Create(OwnedBy(Widget("c"), b));
        _world.Cluster.Create(Widget("free"));

        _world.Cluster.Delete(Widgets, Shop("a"));
        Assert.NotNull(_world.Cluster.Find(Widgets, Shop("b")));
        _world.Cluster.CollectGarbage();

        Assert.Equal(["free"], _world.Cluster.List(Widgets).Select(widget => (string?)widget["metadata"]!["name"]));
    }

    [Fact]
    public void One_owner_that_is_left_keeps_an_object_and_the_others_are_struck_out()
    {
        var (a, b) = (_world.Cluster.Create(Widget("a")), _world.Cluster.Create(Widget("b")));
        _world.Cluster.Create(OwnedBy(Widget("c"), a, b));

        _world.Cluster.Delete(Widgets, Shop("a"));
        _world.Cluster.CollectGarbage();

        var owners = _world.Cluster.Find(Widgets, Shop("c"))!["metadata"]!["ownerReferences"]!.AsArray();
        Assert.Equal((string?)b["metadata"]!["uid"], (string?)owners.Single()!["uid"]);
    }

    [Fact]
    public void An_owner_of_the_same_name_but_another_uid_is_not_the_owner()
    {
        var a = _world.Cluster.Create(Widget("a"));
        _world.Cluster.Create(OwnedBy(Widget("b"), a));
        _world.Cluster.Delete(Widgets, Shop("a"));
        _world.Cluster.Create(Widget("a"));

        _world.Cluster.CollectGarbage();

        Assert.Null(_world.Cluster.Find(Widgets, Shop("b")));
    }

    [Fact]
    public void A_deleted_namespace_is_emptied_and_then_gone()
    {
        _world.Cluster.Create(Widget("a"));
        _world.Cluster.Delete(Namespaces, ObjectKey.Cluster("shop"));
        Assert.NotNull(_world.Cluster.Find(Widgets, Shop("a")));

        _world.Cluster.CollectGarbage();

        Assert.Null(_world.Cluster.Find(Widgets, Shop("a")));
        Assert.Null(_world.Cluster.Find(Namespaces, ObjectKey.Cluster("shop")));
    }

    [Fact]
    public void A_finalizer_holds_a_deleted_namespace()
    {
        _world.Cluster.Create(Widget("a", metadata: """{"finalizers": ["x.example/f"]}"""));
        _world.Cluster.Delete(Namespaces, ObjectKey.Cluster("shop"));

        _world.Cluster.CollectGarbage();
        Assert.Equal("Terminating", (string?)_world.Cluster.Find(Namespaces, ObjectKey.Cluster("shop"))!["status"]!["phase"]);

        _world.Patch(Widgets, "a", """{"metadata": {"finalizers": null}}""");
        _world.Cluster.CollectGarbage();
        Assert.Null(_world.Cluster.Find(Namespaces, ObjectKey.Cluster("shop")));
    }

    [Fact]
    public void Garbage_can_go_at_once()
    {
        var world = new World(new() { CollectGarbageAtOnce = true });
        var a = world.Cluster.Create(Widget("a"));
        world.Cluster.Create(OwnedBy(Widget("b"), a));

        world.Cluster.Delete(Widgets, Shop("a"));

        Assert.Empty(world.Cluster.List(Widgets));
    }

    [Fact]
    public void What_comes_when_its_owner_has_gone_goes_at_once_too()
    {
        var world = new World(new() { CollectGarbageAtOnce = true });
        var a = world.Cluster.Create(Widget("a"));
        world.Cluster.Delete(Widgets, Shop("a"));

        world.Cluster.Create(OwnedBy(Widget("late"), a));

        Assert.Empty(world.Cluster.List(Widgets));
    }

    [Fact]
    public void A_deleted_namespace_goes_with_the_last_that_held_it()
    {
        var world = new World(new() { CollectGarbageAtOnce = true });
        world.Cluster.Create(Widget("a", metadata: """{"finalizers": ["x.example/f"]}"""));
        world.Cluster.Delete(Namespaces, ObjectKey.Cluster("shop"));
        Assert.NotNull(world.Cluster.Find(Namespaces, ObjectKey.Cluster("shop")));

        world.Patch(Widgets, "a", """{"metadata": {"finalizers": null}}""");

        Assert.Null(world.Cluster.Find(Namespaces, ObjectKey.Cluster("shop")));
    }

    [Fact]
    public void A_last_change_that_names_another_owner_leaves_the_count_of_owners_right()
    {
        var world = new World(new() { CollectGarbageAtOnce = true });
        var a = world.Cluster.Create(Widget("a"));
        world.Cluster.Create(OwnedBy(Widget("dependent"), a));
        world.Cluster.Create(Widget("going", metadata: """{"finalizers": ["x.example/f"]}"""));
        world.Cluster.Delete(Widgets, Shop("going"));
        var last = OwnedBy(Widget("going"), a)["metadata"]!["ownerReferences"]!.DeepClone();
        world.Patch(Widgets, "going", $$$"""{"metadata": {"finalizers": null, "ownerReferences": {{{last.ToJsonString()}}}}}""");

        world.Cluster.Delete(Widgets, Shop("a"));

        Assert.Empty(world.Cluster.List(Widgets));
    }

    private static JsonObject OwnedBy(JsonObject json, params JsonObject[] owners)
    {
        json["metadata"]!["ownerReferences"] = new JsonArray([.. owners.Select(owner => new JsonObject
        {
            ["apiVersion"] = (string)owner["apiVersion"]!,
            ["kind"] = (string)owner["kind"]!,
            ["name"] = (string)owner["metadata"]!["name"]!,
            ["uid"] = (string)owner["metadata"]!["uid"]!,
        })]);
        return json;
    }
}
