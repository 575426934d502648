using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Storage;

namespace CertOperator.Runtime.Tests.InMemory;

/// <summary>A cluster with namespace <c>shop</c> and one custom kind, and the requests that tests send to it as JSON.</summary>
internal sealed class World
{
    public static readonly ResourceType Widgets = new("tests.example", "v1", "Widget", "widgets", Namespaced: true);
    public static readonly ResourceType Secrets = new("", "v1", "Secret", "secrets", Namespaced: true);
    public static readonly ResourceType ConfigMaps = new("", "v1", "ConfigMap", "configmaps", Namespaced: true);
    public static readonly ResourceType Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public World(InMemoryClusterOptions? options = null)
    {
        Cluster = new InMemoryCluster(Time, options);
        Cluster.RegisterCrd(WidgetCrd);
        Cluster.Create(Json("""{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}"""));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public InMemoryCluster Cluster { get; }

    public static JsonObject WidgetCrd => Json(
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.tests.example"},
          "spec": {
            "group": "tests.example", "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"]},
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {"type": "object", "required": ["spec"], "properties": {
                "spec": {"type": "object", "required": ["size"], "properties": {
                  "size": {"type": "integer", "minimum": 1, "maximum": 10},
                  "color": {"type": "string", "enum": ["red", "green"], "default": "red"},
                  "code": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
                  "parts": {"type": "array", "maxItems": 3, "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
                  "notes": {"type": "object", "additionalProperties": {"type": "string"}},
                  "until": {"type": "string", "format": "date-time"}}},
                "status": {"type": "object", "properties": {
                  "phase": {"type": "string"},
                  "conditions": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"],
                    "items": {"type": "object", "required": ["type", "status"], "properties": {
                      "type": {"type": "string"}, "status": {"type": "string"}, "message": {"type": "string"}}}}}}}}}
            }]
          }
        }
        """);

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>A widget in <c>shop</c> with this spec.</summary>
    public static JsonObject Widget(string name, string spec = """{"size": 1}""", string metadata = "{}")
    {
        var json = Json($$"""{"apiVersion": "tests.example/v1", "kind": "Widget", "metadata": {{metadata}}, "spec": {{spec}}}""");
        json["metadata"]!["name"] = name;
        json["metadata"]!["namespace"] = "shop";
        return json;
    }

    public static JsonObject WidgetStatus(string name, string status)
    {
        var json = Widget(name);
        json.Remove("spec");
        json["status"] = Json(status);
        return json;
    }

    public static JsonObject Secret(string name, string type, string data = "{}")
        => Json($$"""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "{{name}}", "namespace": "shop"}, "type": "{{type}}", "data": {{data}}}""");

    public static ObjectKey Shop(string name) => new("shop", name);

    public static string Version(JsonObject json) => (string)json["metadata"]!["resourceVersion"]!;

    public JsonObject Apply(string manager, JsonObject json, bool force = false)
        => Cluster.Writer.Apply(Target(json, manager), json, force).Object.Json;

    public JsonObject ApplyStatus(string manager, JsonObject json)
        => Cluster.Writer.Apply(Target(json, manager) with { Subresource = "status" }, json, force: true).Object.Json;

    public JsonObject Replace(JsonObject json) => Cluster.Writer.Replace(Target(json, "editor"), json).Json;

    public JsonObject ReplaceStatus(JsonObject json)
        => Cluster.Writer.Replace(Target(json, "editor") with { Subresource = "status" }, json).Json;

    public JsonObject Patch(ResourceType type, string name, string patch) => Cluster.Patch(type, Shop(name), Json(patch));

    /// <summary>What the cluster says to a request that it must refuse.</summary>
    public static ApiStatusException Refusal(Func<object?> request) => Assert.Throws<ApiStatusException>(request);

    private WriteTarget Target(JsonObject json, string manager)
        => new(
            Cluster.TypeOf((string)json["apiVersion"]!, (string)json["kind"]!),
            new ObjectKey((string)json["metadata"]!["namespace"]!, (string)json["metadata"]!["name"]!),
            manager);
}
