using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>A certificate that is wanted: what it says, who signs it, and which Secret holds it.</summary>
[KubeCustomResource(ShortNames = ["cert", "certs"], Categories = ["cert-operator"])]
[KubePrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[KubePrinterColumn("Secret", "string", ".spec.secretName")]
[KubePrinterColumn("Issuer", "string", ".spec.issuerRef.name")]
[KubePrinterColumn("Expires", "string", ".status.notAfter")]
[KubePrinterColumn("Renewal", "string", ".status.renewalTime")]
[KubePrinterColumn("Status", "string", ".status.conditions[?(@.type==\"Ready\")].message", Priority = 1)]
[KubePrinterColumn("Serial", "string", ".status.serialNumber", Priority = 1)]
[KubePrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[Description("A certificate that is wanted: what it says, who signs it, and which Secret holds it.")]
internal sealed record Certificate : IKubeObject<Certificate>
{
    public static ResourceType Type { get; } = ApiGroup.Kind("Certificate", "certificates");

    public static JsonTypeInfo<Certificate> Json => ApiJson.Default.Certificate;

    public string ApiVersion => Type.ApiVersion;

    public string Kind => Type.Kind;

    public required ObjectMeta Metadata { get; init; }

    [Description("What the certificate says and where it is kept.")]
    public CertificateSpec? Spec { get; init; }

    [Description("What the operator found and did; written by the operator only.")]
    public CertificateStatus? Status { get; init; }
}
