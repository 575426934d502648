using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>networking.k8s.io/v1 Ingress, in part.</summary>
public sealed record Ingress : IKubeObject<Ingress>
{
    public static ResourceType Type { get; } = new("networking.k8s.io", "v1", "Ingress", "ingresses", Namespaced: true);

    public static JsonTypeInfo<Ingress> Json => TestJson.Default.Ingress;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public IngressSpec? Spec { get; init; }
}

/// <summary>Only what is needed to see hosts.</summary>
public sealed record IngressSpec
{
    public string? IngressClassName { get; init; }

    public IReadOnlyList<IngressTls>? Tls { get; init; }
}

/// <summary>One TLS block.</summary>
public sealed record IngressTls
{
    public IReadOnlyList<string>? Hosts { get; init; }

    public string? SecretName { get; init; }
}
