using CertOperator.Api;
using CertOperator.Rotation;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Says in a Certificate's status what is true after a plan was carried out. Pure.</summary>
internal static class CertificateStatusBuilder
{
    private const int AttemptsKept = 5;

    /// <param name="after">The situation as it is now.</param>
    /// <param name="plan">What was decided.</param>
    /// <param name="result">What came of it, for plans that write.</param>
    public static CertificateStatus Build(Situation after, Plan plan, IssuanceResult? result)
    {
        CertificateStatus before = after.Certificate.Status ?? new CertificateStatus();
        // Nothing is told of a Secret that is somebody else's, as if it were this Certificate's.
        CertificateFacts? stored = after.OwnsSecret ? after.Secret?.Certificate : null;
        CertificateStatus status = before with
        {
            NotBefore = stored?.NotBefore,
            NotAfter = stored?.NotAfter,
            RenewalTime = stored is null ? null : after.RenewalTime,
            SerialNumber = stored?.SerialNumber,
            Fingerprint = stored?.Fingerprint,
            Issuer = stored is null ? null : SignedBy(after.Secret!, stored),
            Issuance = result?.Pending is { } pending ? pending.State : plan is Plan.Wait { Abandons: false } or Plan.RollBack ? before.Issuance : null,
            Names = result?.Pending?.Names ?? result?.Failed?.Names ?? (plan is Plan.Wait { Abandons: false } || result is { Stored: null } ? before.Names : null),
            RenewalInfo = after.RenewalInfo,
            RetriedFor = after.RetryNow,
            RenewedFor = plan is Plan.UpToDate or Plan.Rewrite || result?.Stored is not null ? after.Renew : before.RenewedFor,
            History = Kept(after),
            Rollback = result?.Rollback ?? before.Rollback,
            Rollout = after.Rollout is { } rollout ? rollout.Status : before.Rollout,
        };
        status = WithAttempt(status, after, plan, result);
        IReadOnlyList<Condition> conditions = Conditions.Set(
            Conditions.Set(before.Conditions ?? [], Ready(after, plan, result), after.Now), Issuing(after, plan, result), after.Now);
        if (after.Rollout is { } state)
            conditions = With(conditions, ConditionTypes.RolledOut, state.Condition, after.Now);
        return status with { Conditions = With(conditions, ConditionTypes.Served, after.Served, after.Now) };
    }

    /// <summary>The list with a condition that may also have to go.</summary>
    private static IReadOnlyList<Condition> With(IReadOnlyList<Condition> conditions, string type, Condition? wanted, DateTimeOffset now)
        => wanted is not null ? Conditions.Set(conditions, wanted, now) : [.. conditions.Where(condition => condition.Type != type)];

    /// <summary>Why a certificate is valid for less time than was asked for.</summary>
    public static string CutShort(Situation after)
        => $"The CA of {after.Signer.Ref} ends then, sooner than the {GoDuration.Format(after.Desired!.Duration)} that the spec asks for: renew the CA.";

    /// <summary>The condition that people look at: true only for a stored key pair that satisfies the spec at this moment.</summary>
    private static Condition Ready(Situation after, Plan plan, IssuanceResult? result)
    {
        if (plan is Plan.Refuse refused)
            return Condition(after, ConditionTypes.Ready, false, refused.Reason, refused.Message);
        if (after.OutputsProblem is { } outputs)
            return Condition(after, ConditionTypes.Ready, false, "KeystorePasswordMissing", outputs);

        SecretShortfall? shortfall = SecretShortfall.Find(after);
        if (shortfall is null)
            return Condition(after, ConditionTypes.Ready, true, "Ready", Good(after));
        if (result is { Failed: { } failed })
            return Condition(after, ConditionTypes.Ready, false, failed.Reason, failed.Message);
        if (result is { Pending: { } pending })
            return Condition(after, ConditionTypes.Ready, false, pending.Reason, pending.Why);
        return plan is Plan.Wait waiting
            ? Condition(after, ConditionTypes.Ready, false, waiting.Reason, waiting.Message)
            : Condition(after, ConditionTypes.Ready, false, shortfall.Reason, shortfall.Message);
    }

    private static string Good(Situation after)
    {
        string sentence = $"The Secret {after.SecretName} holds a verified certificate, valid until {after.Secret!.Certificate!.NotAfter:u}.";
        if (after.RolledBackAt is { } since)
            sentence += $" It is revision {after.StoredPlace.Revision}, put back at {since:u} on request.";
        return string.Join(' ', after.EndsWithCa ? [sentence, CutShort(after)] : [sentence, .. CaDecisions.Find(after)]);
    }

    /// <summary>A pair that is in the Secret again may be in the history for a while yet.</summary>
    private static IReadOnlyList<FormerRevision>? Kept(Situation after)
    {
        IReadOnlyList<FormerRevision>? kept = after.SecretRevision is { } stored && after.History is { } history ? [.. history.Where(pair => pair.Revision != stored)] : after.History;
        return after.Spec.History is > 0 || kept is { Count: > 0 } ? kept : null;
    }

    private static Condition Issuing(Situation after, Plan plan, IssuanceResult? result) => (plan, result) switch
    {
        (_, { Failed: { } failed }) => Condition(after, ConditionTypes.Issuing, false, failed.Reason, failed.Message),
        (_, { Pending: { } pending }) => Condition(after, ConditionTypes.Issuing, pending.State is not null, pending.Reason, pending.Why),
        (Plan.RollBack, { Stored: null }) when Conditions.Find(after.Certificate.Status?.Conditions, ConditionTypes.Issuing) is { } issuing => issuing,
        (Plan.Wait waiting, _) => Condition(after, ConditionTypes.Issuing, false, waiting.Reason, waiting.Message),
        (Plan.Refuse refused, _) => Condition(after, ConditionTypes.Issuing, false, refused.Reason, refused.Message),
        _ => Condition(after, ConditionTypes.Issuing, false, "UpToDate", "Nothing is to be done before the renewal."),
    };

    private static CertificateStatus WithAttempt(CertificateStatus status, Situation after, Plan plan, IssuanceResult? result)
    {
        if (result is { Failed: { } failed })
        {
            int failures = (status.FailedIssuanceAttempts ?? 0) + 1;
            DateTimeOffset next = after.Now + RetryPolicy.Delay(failures, after.Now, status.NotAfter, failed.IsLasting);
            return status with
            {
                FailedIssuanceAttempts = failures,
                LastFailureTime = after.Now,
                LastFailure = failed.Message,
                NextAttemptTime = ApiTime.NotBefore(failed.NotBefore > next ? failed.NotBefore.Value : next),
                FailedWith = after.Attempt,
                Attempts = Prepend(status, after, IssuanceAttempt.Failed, failed.Message),
            };
        }

        if (result is { Pending: { } pending })
            return status with { NextAttemptTime = pending.State is null ? ApiTime.NotBefore(pending.Until) : null, FailedWith = null };

        // What failed last is told until something succeeds; but only who waits for the next attempt may announce it.
        if (plan is Plan.Wait or Plan.Refuse)
            return (plan as Plan.Wait)?.Until == status.NextAttemptTime ? status : status with { NextAttemptTime = null };

        if (plan is Plan.RollBack && result?.Stored is null)
            return status;

        status = status with { FailedIssuanceAttempts = null, LastFailureTime = null, LastFailure = null, NextAttemptTime = null, FailedWith = null };
        return Issued(after, plan, result) is { } reason
            ? status with { Revision = Math.Max(status.Revision ?? 0, after.SecretRevision ?? (status.Revision ?? 0) + 1), Attempts = Prepend(status, after, IssuanceAttempt.Issued, reason) }
            : status;
    }

    /// <summary>Why the stored certificate was issued, if status does not tell of it yet; null if it does.</summary>
    private static string? Issued(Situation after, Plan plan, IssuanceResult? result) => plan switch
    {
        Plan.Issue issue => result?.Advice is { } advice ? $"{issue.Message} {advice}" : issue.Message,
        // The process ended, or lost an answer, between the two writes.
        Plan.UpToDate when after.RolledBackAt is null && after.Secret!.Certificate!.Fingerprint != after.Certificate.Status?.Fingerprint
            => $"It was found in the Secret {after.SecretName}, issued before, and not told of here.",
        _ => null,
    };

    private static IReadOnlyList<IssuanceAttempt> Prepend(CertificateStatus status, Situation after, string outcome, string reason)
        => [new IssuanceAttempt { Time = after.Now, Issuer = after.Issuer.Ref.ToString(), Outcome = outcome, Reason = reason },
            .. (status.Attempts ?? []).Take(AttemptsKept - 1)];

    private static StatusIssuer? SignedBy(SecretFacts secret, CertificateFacts stored)
        => secret.Annotation(Labels.Issuer)?.Split('/', 2) is [var kind, var name]
            ? new StatusIssuer { Kind = kind, Name = name, CaFingerprint = stored.CaFingerprint }
            : null;

    private static Condition Condition(Situation situation, string type, bool holds, string reason, string message) => new()
    {
        Type = type,
        Status = holds ? ConditionTypes.True : ConditionTypes.False,
        Reason = reason,
        Message = message,
        ObservedGeneration = situation.Certificate.Metadata.Generation,
    };
}
