using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Local;

/// <summary>One Certificate as people are shown it; its place is that of its manifest, or of the first that wants it.</summary>
internal sealed record CertificateRow(
    string Namespace, string Name, bool Ready, string Issuer, string Secret, DateTimeOffset? Expires, string Place, string Reason, string Message)
{
    public static CertificateRow Of(Certificate certificate, string place)
    {
        Condition? ready = Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Ready);
        return new CertificateRow(
            certificate.Metadata.Namespace ?? "",
            certificate.Metadata.Name ?? "",
            ready?.Status == ConditionTypes.True,
            certificate.Spec?.IssuerRef.ToString() ?? "",
            certificate.Spec?.SecretName ?? "",
            certificate.Status?.NotAfter,
            place,
            ready?.Reason ?? "Pending",
            ready?.Message ?? "It was not looked at yet.");
    }
}
