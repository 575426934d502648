using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>A <see cref="Gadget"/> with whatever it holds.</summary>
public sealed record WholeGadget : IKubeObject<WholeGadget>
{
    public static ResourceType Type => Gadget.Type;

    public static JsonTypeInfo<WholeGadget> Json => TestJson.Default.WholeGadget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public JsonObject? Spec { get; init; }
}
