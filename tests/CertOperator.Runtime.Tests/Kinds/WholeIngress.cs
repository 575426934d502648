using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>An <see cref="Ingress"/> with every field of its spec.</summary>
public sealed record WholeIngress : IKubeObject<WholeIngress>
{
    public static ResourceType Type => Ingress.Type;

    public static JsonTypeInfo<WholeIngress> Json => TestJson.Default.WholeIngress;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public JsonObject? Spec { get; init; }
}
