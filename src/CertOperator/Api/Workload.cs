using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>apps/v1 Deployment. Of workloads nothing is read; one annotation is patched.</summary>
internal sealed record Deployment : IKubeObject<Deployment>
{
    public static ResourceType Type { get; } = new("apps", "v1", "Deployment", "deployments", Namespaced: true);

    public static JsonTypeInfo<Deployment> Json => ApiJson.Default.Deployment;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}

/// <summary>apps/v1 StatefulSet.</summary>
internal sealed record StatefulSet : IKubeObject<StatefulSet>
{
    public static ResourceType Type { get; } = new("apps", "v1", "StatefulSet", "statefulsets", Namespaced: true);

    public static JsonTypeInfo<StatefulSet> Json => ApiJson.Default.StatefulSet;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}

/// <summary>apps/v1 DaemonSet.</summary>
internal sealed record DaemonSet : IKubeObject<DaemonSet>
{
    public static ResourceType Type { get; } = new("apps", "v1", "DaemonSet", "daemonsets", Namespaced: true);

    public static JsonTypeInfo<DaemonSet> Json => ApiJson.Default.DaemonSet;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}
