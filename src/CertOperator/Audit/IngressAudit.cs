using CertOperator.Api;

namespace CertOperator.Audit;

/// <summary>Holds the TLS entries of an Ingress against the Secrets that they name. Pure.</summary>
internal static class IngressAudit
{
    /// <summary>More than these nobody reads.</summary>
    public const int MostFindings = 10;

    /// <summary>Whether there is anything to audit.</summary>
    public static bool Applies(Ingress? ingress)
        => ingress is { Metadata.DeletionTimestamp: null, Spec.Tls.Count: > 0 } && !Annotations.IsIgnored(ingress.Metadata) && !Passthrough.Is(ingress);

    /// <summary>The Secrets that an Ingress names.</summary>
    public static IEnumerable<string> SecretNames(Ingress? ingress)
        => (ingress?.Spec?.Tls ?? []).Select(entry => entry.SecretName).OfType<string>().Where(name => name.Length > 0).Distinct();

    public static AuditReport Run(Ingress ingress, Surroundings around, DateTimeOffset now)
    {
        if (!Applies(ingress))
            return AuditReport.Clean;

        DateTimeOffset overdue = ClassCheck.Overdue(ingress, around);
        SecretCheck[] checks =
        [
            .. ingress.Spec!.Tls!.Where(entry => !string.IsNullOrEmpty(entry.SecretName)).GroupBy(entry => entry.SecretName!).Select(entries => new SecretCheck(
                $"{ingress.Metadata.Namespace}/{(SecretRules.IsName(entries.Key) ? entries.Key : CertificateRules.Shown(entries.Key))}", around.Secrets[entries.Key], [.. entries.SelectMany(entry => entry.Hosts ?? [])])),
        ];
        IEnumerable<AuditFinding> findings =
        [
            .. checks.SelectMany(check => check.Findings(isOverdue: overdue <= now, now)),
            .. ClassCheck.Find(ingress, around, now) is { } classless ? [classless] : Array.Empty<AuditFinding>(),
            .. around.IsManaged ? [] : Defaults(ingress),
        ];
        DateTimeOffset[] moments = [.. checks.SelectMany(check => check.Moments()).Append(overdue).Where(moment => moment > now)];
        return new AuditReport(
            [.. findings.OrderByDescending(finding => finding.Code.Severity).Take(MostFindings)],
            moments.Length > 0 ? moments.Min() : null);
    }

    /// <summary>
    /// To leave the Secret out is how the controller's default certificate is asked for (OpenShift: one that the router makes); to leave the
    /// hosts out has the Secret serve whatever it is for.
    /// </summary>
    private static IEnumerable<AuditFinding> Defaults(Ingress ingress)
    {
        var entries = ingress.Spec!.Tls!.Index().Where(entry => string.IsNullOrEmpty(entry.Item.SecretName)).ToList();
        return entries.Count == 0
            ? []
            : [new(AuditCodes.DefaultCertificate, $"spec.tls[{entries[0].Index}]{(entries.Count > 1 ? $" and {entries.Count - 1} more entries name" : " names")} no Secret.")];
    }
}
