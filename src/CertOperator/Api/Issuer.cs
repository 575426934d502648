using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>What the operator needs of an issuer of either kind.</summary>
internal interface IIssuerObject : IKubeObject
{
    IssuerSpec? Spec { get; }

    IssuerStatus? Status { get; }
}

/// <summary>An issuer for Certificates of its own namespace.</summary>
[KubeCustomResource(ShortNames = ["iss"], Categories = ["cert-operator"])]
[KubePrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[KubePrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[KubePrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Description("An issuer for the Certificates of its own namespace.")]
internal sealed record Issuer : IKubeObject<Issuer>, IIssuerObject
{
    public static ResourceType Type { get; } = ApiGroup.Kind("Issuer", "issuers");

    public static JsonTypeInfo<Issuer> Json => ApiJson.Default.Issuer;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    [Description("Who signs: exactly one of its members.")]
    public IssuerSpec? Spec { get; init; }

    [Description("What the operator found; written by the operator only.")]
    public IssuerStatus? Status { get; init; }
}

/// <summary>An issuer for Certificates of every namespace; its Secrets are in the operator's namespace.</summary>
[KubeCustomResource(ShortNames = ["ciss"], Categories = ["cert-operator"])]
[KubePrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[KubePrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[KubePrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Description("An issuer for the Certificates of every namespace; the Secrets that it names are in the operator's own namespace.")]
internal sealed record ClusterIssuer : IKubeObject<ClusterIssuer>, IIssuerObject
{
    public static ResourceType Type { get; } = ApiGroup.Kind("ClusterIssuer", "clusterissuers", namespaced: false);

    public static JsonTypeInfo<ClusterIssuer> Json => ApiJson.Default.ClusterIssuer;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    [Description("Who signs: exactly one of its members.")]
    public IssuerSpec? Spec { get; init; }

    [Description("What the operator found; written by the operator only.")]
    public IssuerStatus? Status { get; init; }
}
