using CertOperator.Issuers;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Carries out what was decided about a Certificate.</summary>
internal sealed class PlanRunner(IssuanceRunner runner, PairStore store, RollbackRunner rollbacks, IssuanceCounts counts, TimeProvider time)
{
    /// <returns>Null for a plan to leave things as they are.</returns>
    public async Task<IssuanceResult?> RunAsync(Situation situation, Plan plan, KeystorePasswords passwords, CancellationToken cancel)
    {
        if (situation.UnderWay is not null && plan is not (Plan.Issue or Plan.Wait { Abandons: false } or Plan.RollBack))
            await runner.AbandonAsync(situation, cancel);
        IssuanceResult? result = plan switch
        {
            Plan.Issue => await runner.IssueAsync(situation, passwords, cancel),
            Plan.Rewrite => await store.RewriteAsync(situation, passwords, cancel),
            Plan.RollBack rollback => await rollbacks.RunAsync(situation, rollback.Request, passwords, cancel),
            _ => null,
        };
        IssuanceResult? judged = Judge(situation, result);
        if (plan is Plan.Issue)
            Count(situation, judged);
        return judged;
    }

    /// <summary>Without this, a certificate that can never satisfy its spec would be issued again at once, and for ever.</summary>
    private IssuanceResult? Judge(Situation situation, IssuanceResult? result)
    {
        if (result?.Stored is not { } stored || SecretShortfall.Find(situation with { Secret = stored, Now = time.GetUtcNow() }) is not { } still)
            return result;

        var failed = new IssuanceStep.Failed(still.Reason, $"{situation.Issuer.Ref} gave what does not satisfy the spec: {still.Message}");
        return IssuanceResult.Of(failed with { IsLasting = situation.Issuer.IsAcme });
    }

    private void Count(Situation situation, IssuanceResult? result)
    {
        if ((result?.Stored is null ? result?.Failed?.Reason : IssuanceCounts.Issued) is not { } outcome || situation.Issuer.Object is not { } issuer)
            return;
        counts.Add(issuer.Kind, new ObjectKey(issuer.Metadata.Namespace ?? "", issuer.Metadata.Name ?? ""), outcome);
        if (outcome == IssuanceCounts.Issued)
            OperatorMetrics.Issued(situation.Issuer.Type, time.GetUtcNow() - (situation.UnderWay?.Started ?? situation.Now));
    }
}
