using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>core/v1 Service: whether it is headless.</summary>
internal sealed record Service : IKubeObject<Service>
{
    public static ResourceType Type { get; } = new("", "v1", "Service", "services", Namespaced: true);

    public static JsonTypeInfo<Service> Json => ApiJson.Default.Service;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public ServiceSpec? Spec { get; init; }
}

internal sealed record ServiceSpec
{
    /// <summary><c>None</c> for a headless Service.</summary>
    public string? ClusterIP { get; init; }
}
