using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Audits;

/// <summary>
/// Audits an Ingress when something that it depends on has changed, and when time alone has. It writes nothing but an event for
/// each finding that is new.
/// </summary>
internal sealed class AuditReconciler(ObjectStore<Ingress> ingresses, AuditLook look, SourceReporter reporter, TimeProvider time) : IReconciler
{
    /// <summary>A Secret follows its Ingress within seconds, but a CA and a cloud's load balancer take minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Where no watch tells of changes.</summary>
    private static readonly TimeSpan Unwatched = TimeSpan.FromMinutes(30);

    /// <summary>A clock may step over the time that was waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<AuditFinding>> _findings = [];

    /// <summary>Of each Ingress that is not clean.</summary>
    public IEnumerable<(ObjectKey Ingress, IReadOnlyList<AuditFinding> Findings)> Findings => _findings.Select(pair => (pair.Key, pair.Value));

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (ingresses.Find(key) is not { } ingress)
        {
            _findings.TryRemove(key, out _);
            reporter.Forget(key.ToString());
            return Outcome.Done;
        }

        if (!IngressAudit.Applies(ingress))
        {
            Settle(ingress, key, AuditReport.Clean);
            return Outcome.Done;
        }

        var (around, isUnwatched) = await look.AroundAsync(ingress, Patience, cancel);
        AuditReport report = IngressAudit.Run(ingress, around, time.GetUtcNow());
        Settle(ingress, key, report);
        TimeSpan longest = isUnwatched ? Unwatched : Longest;
        return report.Until - time.GetUtcNow() is { } left && left < longest ? Outcome.After(left) : Outcome.After(longest);
    }

    private void Settle(Ingress ingress, ObjectKey key, AuditReport report)
    {
        if (report.Findings.Count > 0)
            _findings[key] = report.Findings;
        else
            _findings.TryRemove(key, out _);
        reporter.Report(key.ToString(), [.. report.Findings
            .Where(finding => finding.Code.Severity > AuditSeverity.Note)
            .Select(finding => new SourceFinding(ingress, new SourceProblem(finding.Code.Name, finding.Message)))]);
    }
}
