using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>The simplest of kinds. The server would take any JSON for a colour.</summary>
public sealed record Marble : IKubeObject<Marble>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Marble", "marbles", Namespaced: true);

    public static JsonTypeInfo<Marble> Json => TestJson.Default.Marble;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public string? Color { get; init; }

    internal static JsonObject Crd => JsonNode.Parse(
        """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "marbles.example.org"},
          "spec": {
            "group": "example.org", "scope": "Namespaced", "names": {"plural": "marbles", "kind": "Marble"},
            "versions": [{
              "name": "v1", "served": true, "storage": true,
              "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}
            }]
          }
        }
        """)!.AsObject();

    public static Marble Named(string name, string color = "red")
        => new() { Metadata = new ObjectMeta { Name = name, Namespace = "shop" }, Color = color };
}
