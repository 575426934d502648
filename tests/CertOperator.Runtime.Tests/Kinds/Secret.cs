using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>core/v1 Secret, in part.</summary>
public sealed record Secret : IKubeObject<Secret>
{
    public static ResourceType Type { get; } = new("", "v1", "Secret", "secrets", Namespaced: true);

    public static JsonTypeInfo<Secret> Json => TestJson.Default.Secret;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    [JsonPropertyName("type")]
    public string? SecretType { get; init; }

    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }
}
