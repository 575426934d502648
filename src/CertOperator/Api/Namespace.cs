using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>core/v1 Namespace: its labels.</summary>
internal sealed record Namespace : IKubeObject<Namespace>
{
    public static ResourceType Type { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static JsonTypeInfo<Namespace> Json => ApiJson.Default.Namespace;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}
