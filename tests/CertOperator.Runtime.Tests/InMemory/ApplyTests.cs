using System.Text.Json.Nodes;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class ApplyTests
{
    private readonly World _world = new();

    [Fact]
    public void Applying_creates_and_then_updates()
    {
        var created = _world.Apply("a", Widget("w", """{"size": 1, "code": "x"}"""));
        var updated = _world.Apply("a", Widget("w", """{"size": 2, "code": "x"}"""));

        Assert.Equal((string?)created["metadata"]!["uid"], (string?)updated["metadata"]!["uid"]);
        Assert.Equal(2, (int)updated["spec"]!["size"]!);
    }

    [Fact]
    public void Applying_the_same_again_makes_no_version()
        => Assert.Equal(Version(_world.Apply("a", Widget("w"))), Version(_world.Apply("a", Widget("w"))));

    [Fact]
    public void A_field_left_out_is_removed()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "code": "x"}"""));

        Assert.Null(_world.Apply("a", Widget("w", """{"size": 1}"""))["spec"]!["code"]);
    }

    [Fact]
    public void A_field_left_out_stays_if_another_manager_applied_it_too()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "code": "x"}"""));
        _world.Apply("b", Widget("w", """{"size": 1, "code": "x"}"""));

        Assert.Equal("x", (string?)_world.Apply("a", Widget("w", """{"size": 1}"""))["spec"]!["code"]);
    }

    [Fact]
    public void What_others_wrote_beside_stays()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "notes": {"a": "1"}}"""));
        _world.Patch(Widgets, "w", """{"spec": {"notes": {"b": "2"}}, "metadata": {"labels": {"team": "x"}}}""");

        var again = _world.Apply("a", Widget("w", """{"size": 1}"""));

        Assert.Equal("""{"b":"2"}""", again["spec"]!["notes"]!.ToJsonString());
        Assert.Equal("x", (string?)again["metadata"]!["labels"]!["team"]);
    }

    [Fact]
    public void A_field_that_another_manager_applied_is_a_conflict()
    {
        _world.Apply("a", Widget("w", """{"size": 1}"""));

        var refusal = Refusal(() => _world.Apply("b", Widget("w", """{"size": 2}""")));

        Assert.Equal((409, "Conflict"), (refusal.Code, refusal.Reason));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"a\": .spec.size", refusal.Message);
        Assert.Equal(".spec.size", (string?)refusal.ToStatus()["details"]!["causes"]![0]!["field"]);
    }

    [Fact]
    public void A_field_that_somebody_edited_is_a_conflict_that_names_the_editor_and_the_time()
    {
        _world.Apply("a", Widget("w", """{"size": 1}"""));
        _world.Patch(Widgets, "w", """{"spec": {"size": 3}}""");

        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"in-memory-cluster\" using tests.example/v1 at 2026-03-01T12:00:00Z: .spec.size",
            Refusal(() => _world.Apply("a", Widget("w", """{"size": 1}"""))).Message);
    }

    [Fact]
    public void Several_conflicts_are_all_named()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "code": "x"}"""));

        Assert.Equal(
            "Apply failed with 2 conflicts: conflicts with \"a\":\n- .spec.code\n- .spec.size",
            Refusal(() => _world.Apply("b", Widget("w", """{"size": 2, "code": "y"}"""))).Message);
    }

    [Fact]
    public void Force_takes_fields_over()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "code": "x"}"""));
        _world.Apply("b", Widget("w", """{"size": 2}"""), force: true);

        var again = _world.Apply("a", Widget("w", """{"size": 2}"""));
        Assert.Equal(2, (int)again["spec"]!["size"]!);
        Assert.Null(again["spec"]!["code"]);
    }

    [Fact]
    public void The_same_value_is_owned_together_without_a_conflict()
    {
        _world.Apply("a", Widget("w", """{"size": 1}"""));

        Assert.Equal(1, (int)_world.Apply("b", Widget("w", """{"size": 1}"""))["spec"]!["size"]!);
    }

    [Fact]
    public void Conditions_are_owned_one_by_one()
    {
        _world.Cluster.Create(Widget("w"));
        _world.ApplyStatus("a", WidgetStatus("w", """{"conditions": [{"type": "Ready", "status": "True"}, {"type": "Old", "status": "True"}]}"""));
        _world.ApplyStatus("b", WidgetStatus("w", """{"conditions": [{"type": "Served", "status": "False"}]}"""));

        var after = _world.ApplyStatus("a", WidgetStatus("w", """{"conditions": [{"type": "Ready", "status": "False"}]}"""));

        Assert.Equal(
            """[{"type":"Ready","status":"False"},{"type":"Served","status":"False"}]""",
            after["status"]!["conditions"]!.ToJsonString());
    }

    [Fact]
    public void A_manager_owns_apart_what_it_applied_to_object_and_status()
    {
        _world.Apply("a", Widget("w"));
        _world.ApplyStatus("a", WidgetStatus("w", """{"phase": "Ready"}"""));

        var after = _world.Apply("a", Widget("w", """{"size": 2}"""));

        Assert.Equal("Ready", (string?)after["status"]!["phase"]);
        Assert.Equal(2, (int)_world.ApplyStatus("a", WidgetStatus("w", "{}"))["spec"]!["size"]!);
    }

    [Fact]
    public void Owner_references_and_finalizers_of_several_managers_live_together()
    {
        _world.Apply("a", Widget("w", metadata: """{"finalizers": ["x.example/a"], "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "m", "uid": "1"}]}"""));
        _world.Apply("b", Widget("w", metadata: """{"finalizers": ["x.example/b"], "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "n", "uid": "2"}]}"""));

        var after = _world.Apply("a", Widget("w"));

        Assert.Equal("""["x.example/b"]""", after["metadata"]!["finalizers"]!.ToJsonString());
        Assert.Equal("2", (string?)after["metadata"]!["ownerReferences"]!.AsArray().Single()!["uid"]);
    }

    [Fact]
    public void Status_is_never_created_on_its_own()
        => Assert.Equal(404, Refusal(() => _world.ApplyStatus("a", WidgetStatus("w", """{"phase": "Ready"}"""))).Code);

    [Fact]
    public void An_apply_may_demand_a_version_or_a_uid()
    {
        var stale = Version(_world.Apply("a", Widget("w")));
        _world.Apply("a", Widget("w", """{"size": 2}"""));

        Assert.Equal(409, Refusal(() => _world.Apply("a", Widget("w", metadata: $$"""{"resourceVersion": "{{stale}}"}"""))).Code);
        Assert.Equal(409, Refusal(() => _world.Apply("a", Widget("w", metadata: """{"uid": "other"}"""))).Code);
        Assert.Equal(409, Refusal(() => _world.Apply("a", Widget("new", metadata: """{"uid": "other"}"""))).Code);
    }

    [Fact]
    public void A_field_that_the_schema_lacks_is_told_not_dropped()
    {
        var refusal = Refusal(() => _world.Apply("a", Widget("w", """{"size": 1, "sise": 2}""")));

        Assert.Equal(500, refusal.Code);
        Assert.EndsWith(".spec.sise: field not declared in schema", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Managed_fields_have_the_form_that_clients_know()
    {
        _world.Apply("a", Widget("w", """{"size": 1, "parts": ["x"]}""", """{"labels": {"l": "1"}}"""));
        _world.ApplyStatus("a", WidgetStatus("w", """{"conditions": [{"type": "Ready", "status": "True"}]}"""));

        var entries = _world.Cluster.Store.Find(Widgets, Shop("w"))!.Ownership.ToManagedFields();

        Assert.Equal(
            """{"f:metadata":{"f:labels":{"f:l":{}}},"f:spec":{"f:parts":{"v:\u0022x\u0022":{}},"f:size":{}}}""",
            entries[0]!["fieldsV1"]!.ToJsonString());
        Assert.Equal("status", (string?)entries[1]!["subresource"]);
        var condition = entries[1]!["fieldsV1"]!["f:status"]!["f:conditions"]!["k:{\"type\":\"Ready\"}"]!.AsObject();
        Assert.Equal([".", "f:status", "f:type"], condition.Select(field => field.Key));
        Assert.IsType<JsonObject>(condition["."]);
    }
}
