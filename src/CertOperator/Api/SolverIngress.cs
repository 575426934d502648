using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>networking.k8s.io/v1 Ingress as the operator writes it to have HTTP-01 requests sent to itself.</summary>
internal sealed record SolverIngress : IKubeObject<SolverIngress>
{
    public static ResourceType Type => Ingress.Type;

    public static JsonTypeInfo<SolverIngress> Json => ApiJson.Default.SolverIngress;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public SolverIngressSpec? Spec { get; init; }
}

internal sealed record SolverIngressSpec
{
    public string? IngressClassName { get; init; }

    public IReadOnlyList<SolverIngressRule>? Rules { get; init; }
}

/// <summary>The paths of one host; of every host if it is absent.</summary>
internal sealed record SolverIngressRule
{
    public string? Host { get; init; }

    public required SolverIngressPaths Http { get; init; }
}

internal sealed record SolverIngressPaths(IReadOnlyList<SolverIngressPath> Paths);

internal sealed record SolverIngressPath(string Path, string PathType, SolverIngressBackend Backend);

internal sealed record SolverIngressBackend(SolverIngressService Service);

internal sealed record SolverIngressService(string Name, SolverIngressPort Port);

internal sealed record SolverIngressPort(int Number);
