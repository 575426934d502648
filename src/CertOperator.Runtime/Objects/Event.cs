using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Objects;

/// <summary>core/v1 Event: what <c>kubectl describe</c> prints below an object.</summary>
public sealed record Event : IKubeObject<Event>
{
    public static ResourceType Type { get; } = new("", "v1", "Event", "events", Namespaced: true);

    public static JsonTypeInfo<Event> Json => RuntimeJson.Default.Event;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public ObjectReference? InvolvedObject { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    [JsonPropertyName("type")]
    public string? Severity { get; init; }

    public EventSource? Source { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public int? Count { get; init; }
}

/// <summary>Names the object that an event is about.</summary>
public sealed record ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    /// <summary>Names an object that was read from the API server.</summary>
    public static ObjectReference To(IKubeObject target) => new()
    {
        ApiVersion = target.ApiVersion,
        Kind = target.Kind,
        Namespace = target.Metadata.Namespace,
        Name = target.Metadata.Name,
        Uid = target.Metadata.Uid,
        ResourceVersion = target.Metadata.ResourceVersion,
    };

    /// <summary><c>Kind namespace/name</c>.</summary>
    public override string ToString() => $"{Kind} {new ObjectKey(Namespace ?? "", Name ?? "")}";
}

/// <summary>Who reports an event.</summary>
public sealed record EventSource
{
    public string? Component { get; init; }
}
