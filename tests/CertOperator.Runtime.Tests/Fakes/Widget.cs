using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Fakes;

/// <summary>A kind for tests.</summary>
public sealed record Widget : IKubeObject<Widget>
{
    public static ResourceType Type { get; } = new("example.org", "v1", "Widget", "widgets", Namespaced: true);

    public static JsonTypeInfo<Widget> Json => WidgetJson.Default.Widget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public string? Color { get; init; }

    public static Widget Named(string name, string color = "red")
        => new() { Metadata = new ObjectMeta { Name = name, Namespace = "shop" }, Color = color };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Widget))]
internal sealed partial class WidgetJson : JsonSerializerContext;
