using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Controllers.Rollouts;
using CertOperator.Controllers.Served;
using CertOperator.Issuers;
using CertOperator.Issuers.Acme;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// Owns one Certificate from spec to Secret: looks at the situation, decides, carries the decision out, tells the truth
/// about it in status. Two writes for an issuance, none for a Certificate that is as it should be.
/// </summary>
internal sealed class CertificateReconciler(
    Informer<Certificate, Certificate> certificates,
    SituationReader situations,
    PlanRunner plans,
    KeyHistory history,
    RolloutRunner rollouts,
    ServedDesk served,
    IssuerCatalog issuers,
    RenewalAdvisor advisor,
    DeletionHold hold,
    CertificateReporter reporter,
    RotationSchedule schedule,
    TimeProvider time) : IReconciler
{
    /// <summary>Index of the Certificates by the key of their Secret.</summary>
    public const string BySecret = "secret";

    /// <summary>Index of the Certificates by the name of their issuer.</summary>
    public const string ByIssuer = "issuer";

    /// <summary>How long a deleted Certificate stays for records that cannot be removed: a namespace may be waiting for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RemovalRetry = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ObjectKey, Certificate> _underWay = [];

    /// <summary>Before the cache starts.</summary>
    public static void IndexBySecret(ObjectStore<Certificate> store)
        => store.AddIndex(BySecret, (key, certificate) => certificate.Spec is { } spec ? [new ObjectKey(key.Namespace, spec.SecretName).ToString()] : []);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (certificates.Store.Find(key) is not { Spec: not null, Metadata.DeletionTimestamp: null } certificate)
            return await EndAsync(key, cancel);

        var (situation, passwords) = await situations.ReadAsync(certificate, cancel);
        Plan plan = IssuancePlanner.Decide(situation);
        using IssuanceTrace? trace = TracedIssuance.Begin(situation, plan);
        IssuanceResult? result = await plans.RunAsync(situation, plan, passwords, cancel);
        TracedIssuance.Settle(trace, result);
        if (result?.Pending is { } pending && IsNotWorthTelling(situation, pending))
            return Outcome.After(pending.Until - time.GetUtcNow());

        Situation after = situation with { Secret = result?.Stored ?? situation.Secret, Now = time.GetUtcNow() };
        after = after with { History = result?.History ?? await history.TrimAsync(after, result, cancel) };
        if (plan is Plan.UpToDate || result?.Stored is not null)
            after = after with { RenewalInfo = await AskAsync(after, cancel) };
        after = after with { Rollout = await rollouts.RunAsync(after, cancel), Served = served.ConditionOf(after.Certificate, after.Secret) };
        CertificateStatus status = CertificateStatusBuilder.Build(after, plan, result);
        bool isHeld = DeletionHold.IsNeeded(status);
        if (isHeld)
            await hold.SetAsync(key, isHeld, cancel);
        await reporter.ReportAsync(after, plan, result, status, cancel);
        if (!isHeld)
            await hold.SetAsync(key, isHeld, cancel);
        await ScheduleAsync(key, after, plan, status, cancel);
        Remember(key, after.Certificate, status);
        return Next(situation, after, result);
    }

    private Outcome Next(Situation before, Situation after, IssuanceResult? result)
    {
        if (result?.Pending is { } pending)
            return Outcome.After(pending.Until - time.GetUtcNow());
        // Another issuer may do better, and need not wait for this one.
        bool hasOtherIssuer = result?.Failed is { IsOfIssuer: true } && before.Issuers.Count > 1;
        bool isAdvisedNow = !ReferenceEquals(after.RenewalInfo, before.RenewalInfo) && after.RenewalTime <= after.Now;
        return hasOtherIssuer || isAdvisedNow ? Outcome.After(TimeSpan.Zero) : Outcome.Done;
    }

    /// <summary>A moment later there is more to tell, and a restart until then loses nothing.</summary>
    private static bool IsNotWorthTelling(Situation situation, IssuanceStep.Pending pending)
        => situation.UnderWay is not null && ReferenceEquals(pending.State, situation.UnderWay) && pending.Until - situation.Now < OrderWalk.WorthTelling;

    private async Task<RenewalInfoStatus?> AskAsync(Situation after, CancellationToken cancel)
        => after is { OwnsSecret: true, Secret.Certificate: { } stored, Signer: { IsAcme: true, Object: { } issuer } }
            ? await advisor.AskAsync(issuer, stored, after.RenewalInfo, cancel)
            : null;

    /// <summary>The Certificate is gone, or about to go: what is known of an order under way has it tidied up.</summary>
    private async Task<Outcome> EndAsync(ObjectKey key, CancellationToken cancel)
    {
        await schedule.RemoveAsync(key, cancel);
        situations.Forget(key);
        Certificate? held = certificates.Store.Find(key) is { } found && DeletionHold.Has(found) ? found : null;
        Certificate? ending = held?.Status?.Issuance is null ? _underWay.GetValueOrDefault(key) : held;
        bool isTidy = ending is null || await issuers.AbandonAsync(ending, ending.Status!.Issuance!, cancel);
        if (!isTidy && held is not null && time.GetUtcNow() - (held.Metadata.DeletionTimestamp ?? time.GetUtcNow()) < Patience)
            return Outcome.After(RemovalRetry);

        _underWay.TryRemove(key, out _);
        await hold.SetAsync(key, isHeld: false, cancel);
        return Outcome.Done;
    }

    private void Remember(ObjectKey key, Certificate certificate, CertificateStatus status)
    {
        if (status.Issuance is not null)
            _underWay[key] = certificate with { Status = status };
        else
            _underWay.TryRemove(key, out _);
    }

    /// <summary>One trigger for the next moment at which time alone changes something.</summary>
    private async Task ScheduleAsync(ObjectKey key, Situation after, Plan plan, CertificateStatus status, CancellationToken cancel)
    {
        DateTimeOffset?[] times =
        [
            (plan as Plan.UpToDate)?.Until,
            (plan as Plan.Wait)?.Until,
            status.RenewalInfo?.NextCheck,
            status.NextAttemptTime,
            status.Rollout?.NextTime,
            after.RenewalTime,
            after.Secret?.Certificate?.ChainNotAfter,
        ];
        if (times.Where(at => at > after.Now).Min() is { } next)
            await schedule.SetAsync(key, next, cancel);
        else
            await schedule.RemoveAsync(key, cancel);
    }
}
