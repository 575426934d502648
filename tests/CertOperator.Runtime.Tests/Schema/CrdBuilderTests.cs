using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Runtime.Tests.Schema;

public sealed class CrdBuilderTests
{
    [Fact]
    public void A_kind_becomes_its_definition()
        => Assert.Equal(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: gadgets.example.org
            spec:
              group: example.org
              names:
                kind: Gadget
                listKind: GadgetList
                plural: gadgets
                singular: gadget
                shortNames:
                - gd
                categories:
                - toys
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    description: A thing that does something.
                    type: object
                    required:
                    - spec
                    properties:
                      apiVersion:
                        type: string
                      kind:
                        type: string
                      metadata:
                        type: object
                      spec:
                        description: What is wanted.
                        type: object
                        required:
                        - name
                        properties:
                          name:
                            description: How it is called.
                            type: string
                            pattern: "^[a-z]+$"
                            minLength: 1
                            maxLength: 63
                          size:
                            type: string
                            enum:
                            - Small
                            - Large
                          word:
                            type: string
                            enum:
                            - a
                            - b
                          count:
                            type: integer
                            format: int32
                            minimum: 1
                            maximum: 9
                          total:
                            type: integer
                            format: int64
                          ratio:
                            type: number
                            minimum: 0
                          active:
                            type: boolean
                          since:
                            type: string
                            format: date-time
                          hosts:
                            type: array
                            minItems: 1
                            maxItems: 10
                            items:
                              type: string
                              maxLength: 253
                          labels:
                            type: object
                            maxProperties: 5
                            additionalProperties:
                              type: string
                          data:
                            type: string
                            format: byte
                          free:
                            type: object
                            x-kubernetes-preserve-unknown-fields: true
                          hidden:
                            type: string
                          parts:
                            type: array
                            items:
                              description: A piece.
                              type: object
                              required:
                              - id
                              properties:
                                id:
                                  type: string
                              x-kubernetes-validations:
                              - rule: self.id != 'x'
                                message: x is taken.
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys:
                            - id
                        x-kubernetes-validations:
                        - rule: "!has(self.count) || self.count < 5"
                          message: Not so many.
                        - rule: self.name != 'y'
                          message: y is taken.
                      status:
                        type: object
                        properties:
                          phase:
                            type: string
                subresources:
                  status: {}
                additionalPrinterColumns:
                - name: Phase
                  type: string
                  jsonPath: ".status.phase"
                - name: Count
                  type: integer
                  jsonPath: ".spec.count"
                  priority: 1
                  description: How many.

            """,
            YamlWriter.Write(CrdBuilder.Build<Gadget>()),
            ignoreLineEndingDifferences: true);

    [Fact]
    public void A_type_that_contains_itself_is_refused()
        => Assert.Contains(
            "contains itself", Assert.Throws<InvalidOperationException>(CrdBuilder.Build<Endless>).Message, StringComparison.Ordinal);

    [Fact]
    public void A_type_hidden_by_a_converter_is_refused_unless_it_is_named()
        => Assert.Contains(
            "odd", Assert.Throws<InvalidOperationException>(CrdBuilder.Build<Opaque>).Message, StringComparison.Ordinal);

    [Fact]
    public void Building_twice_gives_the_same()
        => Assert.True(JsonNode.DeepEquals(CrdBuilder.Build<Gadget>(), CrdBuilder.Build<Gadget>()));
}

[Description("A thing that does something.")]
[KubeCustomResource(ShortNames = ["gd"], Categories = ["toys"])]
[KubePrinterColumn("Phase", "string", ".status.phase")]
[KubePrinterColumn("Count", "integer", ".spec.count", Priority = 1, Description = "How many.")]
public sealed record Gadget : IKubeObject<Gadget>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Gadget", "gadgets", Namespaced: true);

    public static JsonTypeInfo<Gadget> Json => GadgetJson.Default.Gadget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public required GadgetSpec Spec { get; init; }

    public GadgetStatus? Status { get; init; }
}

[Description("What is wanted.")]
[KubeRule("!has(self.count) || self.count < 5", "Not so many.")]
[KubeRule("self.name != 'y'", "y is taken.")]
public sealed record GadgetSpec
{
    [Description("How it is called.")]
    [KubePattern("^[a-z]+$")]
    [KubeLength(63, Min = 1)]
    public required string Name { get; init; }

    public GadgetSize? Size { get; init; }

    [KubeEnum("a", "b")]
    public string? Word { get; init; }

    [KubeRange(1, 9)]
    public int? Count { get; init; }

    public long Total { get; init; }

    [KubeRange(0)]
    public double? Ratio { get; init; }

    public bool? Active { get; init; }

    public DateTimeOffset? Since { get; init; }

    [KubeItems(10, Min = 1)]
    [KubeLength(253, Each = true)]
    public IReadOnlyList<string>? Hosts { get; init; }

    [KubeItems(5)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public byte[]? Data { get; init; }

    [KubePreserveUnknown]
    public JsonObject? Free { get; init; }

    [KubeType("string")]
    public Odd? Hidden { get; init; }

    [KubeListMap("id")]
    public IReadOnlyList<GadgetPart>? Parts { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<GadgetSize>))]
public enum GadgetSize
{
    Small,
    Large,
}

[Description("A piece.")]
[KubeRule("self.id != 'x'", "x is taken.")]
public sealed record GadgetPart
{
    public required string Id { get; init; }
}

public sealed record GadgetStatus
{
    public string? Phase { get; init; }
}

[JsonConverter(typeof(OddConverter))]
public sealed record Odd;

public sealed class OddConverter : JsonConverter<Odd>
{
    public override Odd Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options)
        => new();

    public override void Write(System.Text.Json.Utf8JsonWriter writer, Odd value, System.Text.Json.JsonSerializerOptions options)
        => writer.WriteStringValue("odd");
}

public sealed record Endless : IKubeObject<Endless>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Endless", "endlesses", Namespaced: true);

    public static JsonTypeInfo<Endless> Json => GadgetJson.Default.Endless;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public Link? Spec { get; init; }

    public sealed record Link
    {
        public Link? Next { get; init; }
    }
}

public sealed record Opaque : IKubeObject<Opaque>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Opaque", "opaques", Namespaced: true);

    public static JsonTypeInfo<Opaque> Json => GadgetJson.Default.Opaque;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public Odd? Odd { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Gadget))]
[JsonSerializable(typeof(Endless))]
[JsonSerializable(typeof(Opaque))]
internal sealed partial class GadgetJson : JsonSerializerContext;
