using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class SchemaTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData("""{}""", "spec.size: Required value")]
    [InlineData("""{"size": "1"}""", "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"")]
    [InlineData("""{"size": 1.5}""", "spec.size: Invalid value: \"number\": spec.size in body must be of type integer: \"number\"")]
    [InlineData("""{"size": 0}""", "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1")]
    [InlineData("""{"size": 11}""", "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10")]
    [InlineData("""{"size": 1, "color": "blue"}""", "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"")]
    [InlineData("""{"size": 1, "code": "A1"}""", "spec.code: Invalid value: \"A1\": spec.code in body should match '^[a-z]+$'")]
    [InlineData("""{"size": 1, "code": "abcdef"}""", "spec.code: Invalid value: \"abcdef\": spec.code in body should be at most 5 chars long")]
    [InlineData("""{"size": 1, "parts": ["a", "b", "c", "d"]}""", "spec.parts: Invalid value: 4: spec.parts in body should have at most 3 items")]
    [InlineData("""{"size": 1, "parts": ["a", "a"]}""", "spec.parts[1]: Duplicate value: \"a\"")]
    [InlineData("""{"size": 1, "notes": {"a": 1}}""", "spec.notes.a: Invalid value: \"integer\": spec.notes.a in body must be of type string: \"integer\"")]
    [InlineData("""{"size": 1, "until": "tomorrow"}""", "spec.until: Invalid value: \"tomorrow\": spec.until in body must be of type date-time: \"tomorrow\"")]
    public void A_broken_rule_is_told_as_by_the_API_server(string spec, string sentence)
    {
        var refusal = Refusal(() => _world.Cluster.Create(Widget("w", spec)));

        Assert.Equal((422, "Invalid"), (refusal.Code, refusal.Reason));
        Assert.Equal($"Widget.tests.example \"w\" is invalid: {sentence}", refusal.Message);
    }

    [Fact]
    public void All_broken_rules_are_told_at_once()
    {
        var refusal = Refusal(() => _world.Cluster.Create(Widget("w", """{"size": 0, "code": "toolong", "color": "blue"}""")));

        Assert.Equal(3, refusal.ToStatus()["details"]!["causes"]!.AsArray().Count);
    }

    [Fact]
    public void A_pattern_matches_to_the_very_end()
        => Assert.Equal(422, Refusal(() => _world.Cluster.Create(Widget("w", """{"size": 1, "code": "ab\n"}"""))).Code);

    [Fact]
    public void Unknown_fields_are_dropped_and_defaults_filled_in()
    {
        var created = _world.Cluster.Create(Widget("w", """{"size": 1, "sise": {"x": 1}, "notes": {"kept": "yes"}}"""));

        Assert.Equal("""{"size":1,"notes":{"kept":"yes"},"color":"red"}""", created["spec"]!.ToJsonString());
    }

    [Fact]
    public void A_null_counts_as_absent()
        => Assert.Equal("""{"size":1,"color":"red"}""", _world.Cluster.Create(Widget("w", """{"size": 1, "code": null, "color": null}"""))["spec"]!.ToJsonString());

    [Fact]
    public void An_update_is_held_to_the_schema_too()
    {
        _world.Cluster.Create(Widget("w"));

        Assert.Equal(422, Refusal(() => _world.Patch(Widgets, "w", """{"spec": {"size": 99}}""")).Code);
        Assert.Equal(422, Refusal(() => _world.ApplyStatus("a", WidgetStatus("w", """{"conditions": [{"type": "Ready"}]}"""))).Code);
    }

    [Fact]
    public void A_new_version_of_the_definition_rules_at_once()
    {
        var crd = WidgetCrd;
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["size"]!["maximum"] = 100;

        _world.Cluster.RegisterCrd(crd);

        Assert.Equal(99, (int)_world.Cluster.Create(Widget("w", """{"size": 99}"""))["spec"]!["size"]!);
    }

    [Fact]
    public void A_definition_without_a_schema_is_refused()
    {
        var crd = WidgetCrd;
        crd["spec"]!["versions"]![0]!.AsObject().Remove("schema");

        Assert.Contains("schemas are required", Refusal(() => { _world.Cluster.RegisterCrd(crd); return null; }).Message, StringComparison.Ordinal);
    }
}
