using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>core/v1 Service of type ExternalName, by which an Ingress of another namespace reaches the operator's own Service.</summary>
internal sealed record SolverService : IKubeObject<SolverService>
{
    public static ResourceType Type => Service.Type;

    public static JsonTypeInfo<SolverService> Json => ApiJson.Default.SolverService;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public SolverServiceSpec? Spec { get; init; }
}

internal sealed record SolverServiceSpec(string Type, string ExternalName, IReadOnlyList<SolverServicePort> Ports);

/// <summary>Up to Kubernetes 1.20 an apply must name the protocol: it is part of the key of the list.</summary>
internal sealed record SolverServicePort(string Name, int Port, string Protocol = "TCP");
