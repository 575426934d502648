using System.Buffers;
using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Controllers;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Web;

/// <summary>What is so of each object at the time of a scrape. Every replica says the same, but for problems, which only the one that works finds.</summary>
internal static class ObjectMetrics
{
    private const string Prefix = "certoperator_";

    public static void Write(Operator certOperator, IBufferWriter<byte> output)
    {
        var text = new PrometheusText(output);
        Caches caches = certOperator.Caches;
        WriteCertificates(text, [.. caches.Certificates.Store.All.Select(certificate => (LabelsOf(certificate), certificate.Status ?? new CertificateStatus()))]);
        IIssuerObject[] issuers = [.. caches.Issuers.Store.All, .. caches.ClusterIssuers.Store.All];
        WriteIssuers(text, [.. issuers.Select(issuer => (LabelsOf(issuer), issuer.Status ?? new IssuerStatus()))]);
        WriteAttempts(text, issuers, certOperator.Attempts);
        WriteBudgets(text, issuers, certOperator);
        WriteSecrets(text, [.. from secret in caches.Secrets.Store.All where secret.Label(Labels.Certificate) is null select (LabelsOf(secret.Key), secret)]);
        WriteProblems(text, certOperator.SourceFindings);
        WriteAudits(text, [.. certOperator.AuditFindings]);
    }

    private static void WriteCertificates(PrometheusText text, IReadOnlyList<(string Labels, CertificateStatus Status)> certificates)
    {
        Moments(text, certificates, "certificate_not_before", "Start of the validity of the stored certificate.", status => status.NotBefore);
        Moments(text, certificates, "certificate_not_after", "End of the validity of the stored certificate.", status => status.NotAfter);
        Moments(text, certificates, "certificate_renewal", "When the stored certificate will be renewed.", status => status.RenewalTime);
        Moments(text, certificates, "certificate_suggested_renewal_start", "Start of the window in which the CA suggests to renew (RFC 9773).", status => status.RenewalInfo?.SuggestedWindow?.Start);
        Moments(text, certificates, "certificate_suggested_renewal_end", "End of the window in which the CA suggests to renew (RFC 9773).", status => status.RenewalInfo?.SuggestedWindow?.End);
        Moments(text, certificates, "certificate_next_attempt", "When an issuance that failed is tried again.", status => status.NextAttemptTime);
        Numbers(text, certificates, "certificate_ready", "1 if the Secret holds a verified, unexpired key pair that satisfies the spec.", status => Ready(status.Conditions));
        Numbers(
            text,
            [.. certificates.Where(certificate => Served(certificate.Status) is ConditionTypes.True or ConditionTypes.False)],
            "certificate_served_mismatch", "1 if a host is served with another certificate than the stored one, 0 if none is; absent where that is not known.", status => Served(status) == ConditionTypes.False ? 1 : 0);
        Numbers(
            text,
            [.. certificates.Select(certificate => (certificate.Labels + "," + PrometheusText.Labels(("reason", Reason(certificate.Status))), certificate.Status))],
            "certificate_failed_attempts", "Failures to issue since the last success, with the reason of the last one.", status => status.FailedIssuanceAttempts ?? 0);
    }

    private static void WriteIssuers(PrometheusText text, IReadOnlyList<(string Labels, IssuerStatus Status)> issuers)
    {
        Numbers(text, issuers, "issuer_ready", "1 if the issuer can sign now.", status => Ready(status.Conditions));
        Moments(text, issuers, "issuer_ca_not_before", "Start of the validity of the CA certificate that signs.", status => status.Ca?.NotBefore);
        Moments(text, issuers, "issuer_ca_not_after", "End of the validity of the CA certificate that signs.", status => status.Ca?.NotAfter);
    }

    private static void WriteAttempts(PrometheusText text, IReadOnlyList<IIssuerObject> issuers, IssuanceCounts attempts)
    {
        const string Name = Prefix + "issuance_attempts_total";
        text.Counter(Name, "Attempts to issue a certificate that came to an end, by issuer and by result: issued, or the reason of the failure.");
        attempts.Keep(issuers.Select(issuer => (issuer.Kind, KeyOf(issuer))).ToHashSet());
        foreach (IIssuerObject issuer in issuers)
        {
            foreach (var (result, count) in attempts.Of(issuer.Kind, KeyOf(issuer)))
                text.Sample(Name, LabelsOf(issuer) + "," + PrometheusText.Labels(("result", result)), count);
        }
    }

    private static void WriteBudgets(PrometheusText text, IReadOnlyList<IIssuerObject> issuers, Operator certOperator)
    {
        const string Name = Prefix + "acme_orders_left";
        text.Gauge(Name, "How many orders the account of an ACME issuer may make now, by the ceilings that this operator keeps.");
        foreach (IIssuerObject issuer in issuers)
        {
            if (certOperator.OrdersLeft(issuer) is { } left)
                text.Sample(Name, LabelsOf(issuer), left);
        }
    }

    /// <summary>Secrets that no Certificate stands for: nobody but an alert tells of their end.</summary>
    private static void WriteSecrets(PrometheusText text, IReadOnlyList<(string Labels, SecretFacts Secret)> secrets)
    {
        Moments(text, secrets, "unmanaged_secret_not_before", "Start of the validity of a certificate that this operator did not issue.", secret => secret.Certificate?.NotBefore);
        Moments(text, secrets, "unmanaged_secret_not_after", "End of the validity of a certificate that this operator did not issue.", secret => secret.Certificate?.NotAfter);
        Numbers(text, secrets, "unmanaged_secret_usable", "0 if a TLS Secret that this operator did not write holds no usable key pair.", secret => secret.Problem is null ? 1 : 0);
    }

    private static void WriteProblems(PrometheusText text, IEnumerable<SourceFinding> findings)
    {
        const string Name = Prefix + "source_problem";
        text.Gauge(Name, "1 for each thing that is wrong with an Ingress, Service or Gateway.");
        foreach (string labels in findings.Select(finding => PrometheusText.Labels(
            ("kind", finding.About.Kind), ("namespace", finding.About.Metadata.Namespace ?? ""), ("name", finding.About.Metadata.Name ?? ""), ("reason", finding.Problem.Reason))).Distinct())
        {
            text.Sample(Name, labels, 1);
        }
    }

    /// <summary>Totals of every code, so that one which was never found is known to be looked for; then by Ingress.</summary>
    private static void WriteAudits(PrometheusText text, IReadOnlyList<(ObjectKey Ingress, IReadOnlyList<AuditFinding> Findings)> audits)
    {
        const string Totals = Prefix + "audit_findings";
        text.Gauge(Totals, "What audits of Ingresses find, by kind of finding.");
        var counts = audits.SelectMany(audit => audit.Findings).CountBy(finding => finding.Code).ToDictionary();
        foreach (AuditCode code in AuditCodes.All)
            text.Sample(Totals, PrometheusText.Labels(Of(code)), counts.GetValueOrDefault(code));

        const string ByIngress = Prefix + "ingress_audit_findings";
        text.Gauge(ByIngress, "What the audit of an Ingress finds, by kind of finding.");
        foreach (var (ingress, findings) in audits)
        {
            foreach (var (code, count) in findings.CountBy(finding => finding.Code))
                text.Sample(ByIngress, PrometheusText.Labels([("namespace", ingress.Namespace), ("name", ingress.Name), .. Of(code)]), count);
        }

        static (string Name, string Value)[] Of(AuditCode code) => [("code", code.Name), ("severity", code.Severity.ToString().ToLowerInvariant())];
    }

    private static void Moments<T>(PrometheusText text, IReadOnlyList<(string Labels, T Item)> items, string name, string help, Func<T, DateTimeOffset?> moment)
    {
        string metric = $"{Prefix}{name}_timestamp_seconds";
        text.Gauge(metric, help);
        foreach (var (labels, item) in items)
            text.Sample(metric, labels, moment(item));
    }

    private static void Numbers<T>(PrometheusText text, IReadOnlyList<(string Labels, T Item)> items, string name, string help, Func<T, int> number)
    {
        text.Gauge(Prefix + name, help);
        foreach (var (labels, item) in items)
            text.Sample(Prefix + name, labels, number(item));
    }

    private static int Ready(IReadOnlyList<Condition>? conditions) => Conditions.IsTrue(conditions, ConditionTypes.Ready) ? 1 : 0;

    private static string? Served(CertificateStatus status) => Conditions.Find(status.Conditions, ConditionTypes.Served)?.Status;

    private static string Reason(CertificateStatus status)
        => status.FailedIssuanceAttempts > 0 ? Conditions.Find(status.Conditions, ConditionTypes.Issuing)?.Reason ?? "" : "";

    private static string LabelsOf(Certificate certificate) => PrometheusText.Labels(
        ("namespace", certificate.Metadata.Namespace ?? ""),
        ("name", certificate.Metadata.Name ?? ""),
        ("issuer_kind", certificate.Spec?.IssuerRef.Kind ?? Issuer.Type.Kind),
        ("issuer_name", certificate.Spec?.IssuerRef.Name ?? ""));

    private static string LabelsOf(IIssuerObject issuer) => PrometheusText.Labels(
        ("kind", issuer.Kind), ("namespace", issuer.Metadata.Namespace ?? ""), ("name", issuer.Metadata.Name ?? ""));

    private static ObjectKey KeyOf(IIssuerObject issuer) => new(issuer.Metadata.Namespace ?? "", issuer.Metadata.Name ?? "");

    private static string LabelsOf(ObjectKey secret) => PrometheusText.Labels(("namespace", secret.Namespace), ("name", secret.Name));
}
