using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Renewal;

/// <summary>What a Certificate says about its renewal. Pure.</summary>
internal static class RenewalProgress
{
    /// <param name="before">As it was when the renewal was asked for.</param>
    /// <param name="now">As it is.</param>
    /// <param name="value">Of the annotation.</param>
    public static RenewalRow Of(Certificate before, Certificate now, string value)
    {
        string ns = now.Metadata.Namespace ?? "", name = now.Metadata.Name ?? "";
        CertificateStatus? status = now.Status;
        if (status?.RenewedFor == value)
            return new(ns, name, RenewalRow.Renewed, $"A new certificate is in Secret {now.Spec?.SecretName}, valid until {(status.NotAfter is { } end ? Times.Minute(end) : Times.None)}.");
        Condition? issuing = Conditions.Find(status?.Conditions, ConditionTypes.Issuing);
        if (status?.RetriedFor == value && status.LastFailureTime is not null && FailuresOf(now) != FailuresOf(before))
            return new(ns, name, RenewalRow.Failed, status.LastFailure ?? issuing?.Message ?? "The attempt failed.");
        return new(ns, name, RenewalRow.Asked, issuing is { Status: ConditionTypes.True } ? issuing.Message : "The operator was told.");
    }

    private static int FailuresOf(Certificate certificate) => certificate.Status?.FailedIssuanceAttempts ?? 0;
}
