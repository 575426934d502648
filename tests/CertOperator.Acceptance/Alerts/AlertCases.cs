using System.Globalization;

namespace CertOperator.Acceptance.Alerts;

/// <summary>A state of the world and whether an alert fires in it.</summary>
/// <param name="Alert">Its name.</param>
/// <param name="World">What is so, in words.</param>
/// <param name="Fires">What it must do.</param>
/// <param name="Series">Series with their values from the first minute on, as promtool writes them.</param>
internal sealed record AlertCase(string Alert, string World, bool Fires, params string[] Series);

/// <summary>The worlds in which each alert is tried. Moments are days from the time of the evaluation, an hour after the first sample.</summary>
internal static class AlertCases
{
    public const int EvaluatedAt = 3600;

    public static IReadOnlyList<AlertCase> All { get; } =
    [
        .. Expiring("CertOperatorCertificateExpiring"), .. Overdue("CertOperatorRenewalOverdue"), .. Failing(),
        .. Issuers(), .. Others(), .. Health(),
    ];

    private static IEnumerable<AlertCase> Expiring(string alert) =>
    [
        new(alert, "90 days, 6 left", true, Certificate(end: 6, window: 30)),
        new(alert, "6 days, 20 hours left", true, Certificate(end: 20 / 24.0, window: 3)),
        new(alert, "expired", true, Certificate(end: -1, window: 30)),
        new(alert, "90 days, 8 left, overdue", false, Certificate(end: 8, window: 30)),
        new(alert, "6 days, 30 hours left", false, Certificate(end: 30 / 24.0, window: 3)),
        new(alert, "10 years, 8 days left", false, Certificate(end: 8, window: 1216)),
        new(alert, "never issued", false, Ready(0)),
    ];

    private static IEnumerable<AlertCase> Overdue(string alert) =>
    [
        new(alert, "90 days, 25 hours late", true, Certificate(end: 30 - (25 / 24.0), window: 30)),
        new(alert, "6 days, 11 hours late", true, Certificate(end: 3 - (11 / 24.0), window: 3)),
        new(alert, "90 days, 20 hours late", false, Certificate(end: 30 - (20 / 24.0), window: 30)),
        new(alert, "6 days, 10 hours late", false, Certificate(end: 3 - (10 / 24.0), window: 3)),
        new(alert, "10 years, not due for years", false, Certificate(end: 3000, window: 1216)),
    ];

    private static IEnumerable<AlertCase> Failing() =>
    [
        new("CertOperatorCertificateNotReady", "not ready", true, Ready(0)),
        new("CertOperatorCertificateNotReady", "ready", false, Ready(1)),
        new("CertOperatorCertificateNotReady", "ready, as one replica knows already", false, Ready(0, "a"), Ready(1, "b")),
        new("CertOperatorIssuanceFailing", "three failures", true, Failures(3)),
        new("CertOperatorIssuanceFailing", "two failures", false, Failures(2)),
        new("CertOperatorServedMismatch", "another certificate is served", true, Served("1x90")),
        new("CertOperatorServedMismatch", "the stored one is served", false, Served("0x90")),
        new("CertOperatorServedMismatch", "it was taken up meanwhile", false, Served("1x50 0x40")),
        new("CertOperatorServedMismatch", "just found", false, Served("0x57 1x40")),
        new("CertOperatorServedMismatch", "nobody verifies it", false, Ready(1)),
    ];

    private static IEnumerable<AlertCase> Issuers() =>
    [
        new("CertOperatorIssuerNotReady", "not ready", true, Issuer("issuer_ready", 0)),
        new("CertOperatorIssuerNotReady", "ready", false, Issuer("issuer_ready", 1)),
        new("CertOperatorCaExpiring", "10 years, 29 days left", true, Ca(life: 3650, end: 29)),
        new("CertOperatorCaExpiring", "7 days, one left", true, Ca(life: 7, end: 1)),
        new("CertOperatorCaExpiring", "10 years, 31 days left", false, Ca(life: 3650, end: 31)),
        new("CertOperatorCaExpiring", "7 days, two left", false, Ca(life: 7, end: 2)),
        new("CertOperatorRateLimited", "refused lately", true, Problems("rateLimited", "0x30 1x60")),
        new("CertOperatorRateLimited", "refused for the first time", true, Problems("rateLimited", "_x30 1x60")),
        new("CertOperatorRateLimited", "refused long ago", false, Problems("rateLimited", "5x90")),
        new("CertOperatorRateLimited", "refused for another reason", false, Problems("badNonce", "0x30 9x60")),
    ];

    private static IEnumerable<AlertCase> Others() =>
    [
        new("CertOperatorUnmanagedCertificateExpiring", "90 days, 20 left", true, Unmanaged(life: 90, end: 20)),
        new("CertOperatorUnmanagedCertificateExpiring", "6 days, one left", true, Unmanaged(life: 6, end: 1)),
        new("CertOperatorUnmanagedCertificateExpiring", "90 days, 22 left", false, Unmanaged(life: 90, end: 22)),
        new("CertOperatorUnmanagedCertificateExpiring", "6 days, two left", false, Unmanaged(life: 6, end: 2)),
        new("CertOperatorSourceProblem", "an entry without a Secret", true, Problem("1x90")),
        new("CertOperatorSourceProblem", "mended meanwhile", false, Problem("1x20 stale")),
        new("CertOperatorAuditFinding", "a Secret that is not there", true, Finding("SecretMissing", "error", "1x90")),
        new("CertOperatorAuditFinding", "a class that nobody serves", true, Finding("ClassNotServed", "warning", "1x90")),
        new("CertOperatorAuditFinding", "mended meanwhile", false, Finding("SecretMissing", "error", "1x20 stale")),
        new("CertOperatorAuditFinding", "just found", false, Finding("SecretMissing", "error", "_x50 1x40")),
        new("CertOperatorAuditFinding", "a mere note", false, Finding("NoAddress", "note", "1x90")),
        new("CertOperatorAuditFinding", "what has an alert of its own", false, Finding("Expiring", "warning", "1x90"), Finding("ServedMismatch", "error", "1x90")),
    ];

    private static IEnumerable<AlertCase> Health() =>
    [
        new("CertOperatorAbsent", "nothing is scraped", true),
        new("CertOperatorAbsent", "nobody leads", true, Series("build_info", "version=\"1.0.0\"", 1), Series("leader", "pod=\"a\"", 0)),
        new("CertOperatorAbsent", "one of two leads", false, Series("build_info", "version=\"1.0.0\"", 1), Series("leader", "pod=\"a\"", 0), Series("leader", "pod=\"b\"", 1)),
        new("CertOperatorInformerStale", "silent for 17 minutes", true, Series("informer_silence_seconds", "informer=\"secrets\"", 1000)),
        new("CertOperatorInformerStale", "silent for 13 minutes", false, Series("informer_silence_seconds", "informer=\"secrets\"", 800)),
    ];

    private static string[] Certificate(double end, double window) =>
    [
        Series("certificate_not_after_timestamp_seconds", Web, Moment(end)),
        Series("certificate_renewal_timestamp_seconds", Web, Moment(end - window)),
    ];

    private static string[] Ca(double life, double end) =>
        [Issuer("issuer_ca_not_before_timestamp_seconds", Moment(end - life)), Issuer("issuer_ca_not_after_timestamp_seconds", Moment(end))];

    private static string[] Unmanaged(double life, double end) =>
    [
        Series("unmanaged_secret_not_before_timestamp_seconds", Web, Moment(end - life)),
        Series("unmanaged_secret_not_after_timestamp_seconds", Web, Moment(end)),
    ];

    private const string Web = "namespace=\"shop\",name=\"web\"";

    private static string Ready(int value, string pod = "a") => Series("certificate_ready", $"{Web},pod=\"{pod}\"", value);

    private static string Failures(int value) => Series("certificate_failed_attempts", $"{Web},reason=\"IssuerNotReady\"", value);

    private static string Served(string values) => Series("certificate_served_mismatch", Web, values);

    private static string Issuer(string metric, double value) => Series(metric, "kind=\"ClusterIssuer\",namespace=\"\",name=\"ca\"", value);

    private static string Problems(string type, string values) => Series("acme_problems_total", $"stage=\"NewOrder\",type=\"{type}\"", values);

    private static string Problem(string values) => Series("source_problem", "kind=\"Ingress\",namespace=\"shop\",name=\"web\",reason=\"TlsWithoutSecretName\"", values);

    private static string Finding(string code, string severity, string values) => Series("ingress_audit_findings", $"{Web},code=\"{code}\",severity=\"{severity}\"", values);

    private static double Moment(double days) => EvaluatedAt + (days * 86400);

    private static string Series(string metric, string labels, double value) => Series(metric, labels, value.ToString("F0", CultureInfo.InvariantCulture) + "x90");

    private static string Series(string metric, string labels, string values) => $"series: 'certoperator_{metric}{{{labels}}}'\n        values: '{values}'";
}
