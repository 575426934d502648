using CertOperator.Api;
using CertOperator.Audit;

namespace CertOperator.Cli.Audits;

/// <param name="Ingresses">How many were audited.</param>
/// <param name="Findings">By Ingress, the worst first.</param>
internal sealed record AuditResult(int Ingresses, IReadOnlyList<AuditRow> Findings)
{
    /// <summary>Whether there is more than notes.</summary>
    public bool IsClean() => Findings.All(row => row.Severity == Word(AuditSeverity.Note));

    public static string Word(AuditSeverity severity) => severity.ToString().ToLowerInvariant();
}

/// <param name="Namespace">Of the Ingress.</param>
/// <param name="Ingress">Its name.</param>
/// <param name="Code">Kind of finding.</param>
/// <param name="Severity">note, warning or error: also SARIF's words.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record AuditRow(string Namespace, string Ingress, string Code, string Severity, string Message, string Remedy)
{
    public static AuditRow Of(Ingress ingress, AuditFinding finding) => new(
        ingress.Metadata.Namespace ?? "", ingress.Metadata.Name ?? "", finding.Code.Name, AuditResult.Word(finding.Code.Severity), finding.Sentence, finding.Code.Remedy);
}
