using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>gateway.networking.k8s.io/v1 Gateway: the listeners, and the Secrets that those that terminate TLS name.</summary>
internal sealed record Gateway : IKubeObject<Gateway>
{
    public static ResourceType Type { get; } = new("gateway.networking.k8s.io", "v1", "Gateway", "gateways", Namespaced: true);

    public static JsonTypeInfo<Gateway> Json => ApiJson.Default.Gateway;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public GatewaySpec? Spec { get; init; }
}

internal sealed record GatewaySpec
{
    public IReadOnlyList<GatewayListener>? Listeners { get; init; }
}

internal sealed record GatewayListener
{
    public string? Name { get; init; }

    /// <summary>All names, if absent.</summary>
    public string? Hostname { get; init; }

    public GatewayTls? Tls { get; init; }
}

internal sealed record GatewayTls
{
    /// <summary><c>Terminate</c>, also if absent, or <c>Passthrough</c>.</summary>
    public string? Mode { get; init; }

    public IReadOnlyList<GatewayCertificateRef>? CertificateRefs { get; init; }
}

internal sealed record GatewayCertificateRef
{
    /// <summary>That of Secrets, if absent: the empty one.</summary>
    public string? Group { get; init; }

    /// <summary><c>Secret</c>, if absent.</summary>
    public string? Kind { get; init; }

    public string? Name { get; init; }

    /// <summary>The Gateway's, if absent.</summary>
    public string? Namespace { get; init; }
}
