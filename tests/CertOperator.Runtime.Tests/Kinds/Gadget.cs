using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>A kind whose schema lets anything in, so that objects exist which do not fit this record.</summary>
public sealed record Gadget : IKubeObject<Gadget>
{
    public static ResourceType Type { get; } = new("tests.example.com", "v1", "Gadget", "gadgets", Namespaced: true);

    public static JsonTypeInfo<Gadget> Json => TestJson.Default.Gadget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public GadgetSpec? Spec { get; init; }
}

/// <summary>What a gadget should hold.</summary>
public sealed record GadgetSpec
{
    public int Size { get; init; }
}
