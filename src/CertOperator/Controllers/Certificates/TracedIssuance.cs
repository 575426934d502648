using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Which attempt a reconcile takes further, and what became of it, for its trace.</summary>
internal static class TracedIssuance
{
    /// <summary>Null if nothing is to be issued, or nobody listens.</summary>
    public static IssuanceTrace? Begin(Situation situation, Plan plan)
    {
        if (plan is not Plan.Issue || !IssuanceTrace.IsWanted)
            return null;
        var certificate = new ObjectKey(situation.Certificate.Metadata.Namespace ?? "", situation.Certificate.Metadata.Name ?? "");
        IssuanceTrace? trace = IssuanceTrace.Begin(new TracedAttempt(situation.AttemptId, situation.AttemptBegan, certificate, situation.Issuer.Ref.ToString(), situation.CanResume));
        trace?.Tell("certoperator.issuer.type", situation.Issuer.Type);
        return trace;
    }

    public static void Settle(IssuanceTrace? trace, IssuanceResult? result)
    {
        if (trace is null || result is null)
            return;
        if (result.Stored is not null)
            trace.End(IssuanceTrace.Issued);
        else if (result.Failed is { } failed)
            trace.End(IssuanceTrace.Failed, failed.Reason);
        else if (result.Pending is { State: null } pending)
            trace.End(IssuanceTrace.Postponed, pending.Reason);
        else
            trace.GoOn();
    }
}
