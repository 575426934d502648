using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>A kind that no cluster serves.</summary>
public sealed record Unserved : IKubeObject<Unserved>
{
    public static ResourceType Type { get; } = new("tests.example.com", "v9", "Unserved", "unserved", Namespaced: true);

    public static JsonTypeInfo<Unserved> Json => TestJson.Default.Unserved;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }
}
