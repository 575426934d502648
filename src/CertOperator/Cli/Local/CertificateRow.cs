using System.Text.Json.Serialization;
using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Local;

/// <summary>One Certificate as people are shown it.</summary>
internal sealed record CertificateRow(
    string Namespace, string Name, bool Ready, string Issuer, string Secret, DateTimeOffset? Expires, string Reason, string Message)
{
    public static CertificateRow Of(Certificate certificate)
    {
        Condition? ready = Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Ready);
        return new CertificateRow(
            certificate.Metadata.Namespace ?? "",
            certificate.Metadata.Name ?? "",
            ready?.Status == ConditionTypes.True,
            certificate.Spec?.IssuerRef.ToString() ?? "",
            certificate.Spec?.SecretName ?? "",
            certificate.Status?.NotAfter,
            ready?.Reason ?? "Pending",
            ready?.Message ?? "It was not looked at yet.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<CertificateRow>))]
internal sealed partial class LocalJson : JsonSerializerContext;
