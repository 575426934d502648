using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

/// <summary>A kind of these tests' own, with a schema and a status subresource.</summary>
public sealed record Widget : IKubeObject<Widget>, IReplaceable
{
    public static ResourceType Type { get; } = new("tests.example.com", "v1", "Widget", "widgets", Namespaced: true);

    public static JsonTypeInfo<Widget> Json => TestJson.Default.Widget;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    public WidgetSpec? Spec { get; init; }

    public WidgetStatus? Status { get; init; }
}

/// <summary>What is wanted.</summary>
public sealed record WidgetSpec
{
    /// <summary>Required; 1 to 10.</summary>
    public int? Size { get; init; }

    /// <summary><c>red</c> or <c>blue</c>.</summary>
    public string? Color { get; init; }

    /// <summary>Lower-case letters.</summary>
    public string? Label { get; init; }
}

/// <summary>What is.</summary>
public sealed record WidgetStatus
{
    public int? Count { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
