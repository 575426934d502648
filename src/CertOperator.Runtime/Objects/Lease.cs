using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Objects;

/// <summary>coordination.k8s.io/v1 Lease, whole.</summary>
public sealed record Lease : IKubeObject<Lease>, IReplaceable
{
    public static ResourceType Type { get; } = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    public static JsonTypeInfo<Lease> Json => RuntimeJson.Default.Lease;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public LeaseSpec? Spec { get; init; }
}

/// <summary>Who holds a lease and until when.</summary>
public sealed record LeaseSpec
{
    /// <summary>Empty or null: released.</summary>
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(KubeMicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(KubeMicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
