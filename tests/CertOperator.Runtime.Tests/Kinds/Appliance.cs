using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>A kind with one field of every sort that a schema can describe.</summary>
[Description("A thing that does something.")]
[KubeCustomResource(ShortNames = ["ap"], Categories = ["toys"])]
[KubePrinterColumn("Phase", "string", ".status.phase")]
[KubePrinterColumn("Count", "integer", ".spec.count", Priority = 1, Description = "How many.")]
public sealed record Appliance : IKubeObject<Appliance>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Appliance", "appliances", Namespaced: true);

    public static JsonTypeInfo<Appliance> Json => TestJson.Default.Appliance;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public required ApplianceSpec Spec { get; init; }

    public ApplianceStatus? Status { get; init; }
}

[Description("What is wanted.")]
[KubeRule("!has(self.count) || self.count < 5", "Not so many.")]
[KubeRule("self.name != 'y'", "y is taken.")]
public sealed record ApplianceSpec
{
    [Description("How it is called.")]
    [KubePattern("^[a-z]+$")]
    [KubeLength(63, Min = 1)]
    public required string Name { get; init; }

    public ApplianceSize? Size { get; init; }

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
    public IReadOnlyList<AppliancePart>? Parts { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ApplianceSize>))]
public enum ApplianceSize
{
    Small,
    Large,
}

[Description("A piece.")]
[KubeRule("self.id != 'x'", "x is taken.")]
public sealed record AppliancePart
{
    public required string Id { get; init; }
}

public sealed record ApplianceStatus
{
    public string? Phase { get; init; }
}

/// <summary>A type that hides its JSON behind a converter.</summary>
[JsonConverter(typeof(OddConverter))]
public sealed record Odd;

public sealed class OddConverter : JsonConverter<Odd>
{
    public override Odd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new();

    public override void Write(Utf8JsonWriter writer, Odd value, JsonSerializerOptions options)
        => writer.WriteStringValue("odd");
}

/// <summary>A kind whose schema would never end.</summary>
public sealed record Endless : IKubeObject<Endless>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Endless", "endlesses", Namespaced: true);

    public static JsonTypeInfo<Endless> Json => TestJson.Default.Endless;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public Link? Spec { get; init; }

    public sealed record Link
    {
        public Link? Next { get; init; }
    }
}

/// <summary>A kind with a field whose JSON nobody can know.</summary>
public sealed record Opaque : IKubeObject<Opaque>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Opaque", "opaques", Namespaced: true);

    public static JsonTypeInfo<Opaque> Json => TestJson.Default.Opaque;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public Odd? Odd { get; init; }
}
