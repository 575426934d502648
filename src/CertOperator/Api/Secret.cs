using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>core/v1 Secret. It holds key material: it is never cached, logged or printed, only read, used and dropped.</summary>
internal sealed record Secret : IKubeObject<Secret>
{
    public const string TlsType = "kubernetes.io/tls";

    public static ResourceType Type { get; } = new("", "v1", "Secret", "secrets", Namespaced: true);

    public static JsonTypeInfo<Secret> Json => ApiJson.Default.Secret;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    [JsonPropertyName("type")]
    public string? SecretType { get; init; }

    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    /// <summary>The name alone: a record's own text would print the data.</summary>
    public override string ToString() => $"Secret {Metadata.Namespace}/{Metadata.Name}";
}
