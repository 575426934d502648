using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>networking.k8s.io/v1 Ingress: class, TLS stanzas, and whether it has an address.</summary>
internal sealed record Ingress : IKubeObject<Ingress>
{
    public static ResourceType Type { get; } = new("networking.k8s.io", "v1", "Ingress", "ingresses", Namespaced: true);

    public static JsonTypeInfo<Ingress> Json => ApiJson.Default.Ingress;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public IngressSpec? Spec { get; init; }

    public IngressStatus? Status { get; init; }
}

internal sealed record IngressSpec
{
    public string? IngressClassName { get; init; }

    public IReadOnlyList<IngressTls>? Tls { get; init; }
}

internal sealed record IngressTls
{
    public IReadOnlyList<string>? Hosts { get; init; }

    public string? SecretName { get; init; }
}

internal sealed record IngressStatus
{
    public IngressLoadBalancer? LoadBalancer { get; init; }
}

internal sealed record IngressLoadBalancer
{
    public IReadOnlyList<IngressAddress>? Ingress { get; init; }
}

internal sealed record IngressAddress
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }
}

/// <summary>networking.k8s.io/v1 IngressClass.</summary>
internal sealed record IngressClass : IKubeObject<IngressClass>
{
    /// <summary>Annotation of the class that an Ingress without a class gets.</summary>
    public const string DefaultAnnotation = "ingressclass.kubernetes.io/is-default-class";

    public static ResourceType Type { get; } = new("networking.k8s.io", "v1", "IngressClass", "ingressclasses", Namespaced: false);

    public static JsonTypeInfo<IngressClass> Json => ApiJson.Default.IngressClass;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}
