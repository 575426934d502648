using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>The definitions of the kinds of these tests.</summary>
internal static class TestCrds
{
    public static CustomResourceDefinition Widgets => Define(
        Widget.Type,
        """
        {"type": "object", "required": ["spec"], "properties": {
          "spec": {"type": "object", "required": ["size"], "properties": {
            "size": {"type": "integer", "minimum": 1, "maximum": 10},
            "color": {"type": "string", "enum": ["red", "blue"]},
            "label": {"type": "string", "pattern": "^[a-z]+$"}}},
          "status": {"type": "object", "properties": {
            "count": {"type": "integer"},
            "conditions": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"], "items": {
              "type": "object", "required": ["type", "status", "reason", "message"], "properties": {
                "type": {"type": "string"}, "status": {"type": "string"}, "reason": {"type": "string"}, "message": {"type": "string"},
                "observedGeneration": {"type": "integer", "format": "int64"},
                "lastTransitionTime": {"type": "string", "format": "date-time"}}}}}}}}
        """,
        subresources: """{"status": {}}""");

    public static CustomResourceDefinition Gadgets => Define(
        Gadget.Type, """{"type": "object", "x-kubernetes-preserve-unknown-fields": true}""", subresources: "{}");

    private static CustomResourceDefinition Define(ResourceType type, string schema, string subresources) => new()
    {
        Metadata = new ObjectMeta { Name = type.QualifiedName },
        Spec = JsonNode.Parse($$"""
            {
              "group": "{{type.Group}}", "scope": "Namespaced",
              "names": {"plural": "{{type.Plural}}", "kind": "{{type.Kind}}"},
              "versions": [{"name": "{{type.Version}}", "served": true, "storage": true, "subresources": {{subresources}},
                "schema": {"openAPIV3Schema": {{schema}} } }]
            }
            """)!.AsObject(),
    };
}
