using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>gateway.networking.k8s.io/v1 HTTPRoute as the operator writes it to have HTTP-01 requests sent to itself.</summary>
internal sealed record HttpRoute : IKubeObject<HttpRoute>
{
    public static ResourceType Type { get; } = new("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", Namespaced: true);

    public static JsonTypeInfo<HttpRoute> Json => ApiJson.Default.HttpRoute;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public HttpRouteSpec? Spec { get; init; }
}

internal sealed record HttpRouteSpec
{
    public IReadOnlyList<GatewayParentRef>? ParentRefs { get; init; }

    /// <summary>Every host if absent.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }

    public IReadOnlyList<HttpRouteRule>? Rules { get; init; }
}

internal sealed record HttpRouteRule(IReadOnlyList<HttpRouteMatch> Matches, IReadOnlyList<HttpRouteBackend> BackendRefs);

internal sealed record HttpRouteMatch(HttpRoutePath Path);

internal sealed record HttpRoutePath(string Type, string Value);

internal sealed record HttpRouteBackend(string Name, int Port);
