using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>
/// Asks one target of a Certificate at a time what is served, when its time has come. What is to be said of it the reconciler of the
/// Certificate says, who is woken when that is something else than what stands there: a status has one author.
/// </summary>
internal sealed class ServedReconciler(Caches caches, ServedDesk desk, ServedProber prober, ServedOptions options, TimeProvider time) : IReconciler
{
    /// <summary>Another condition is to be written for a Certificate. Subscribers must not block.</summary>
    public event Action<ObjectKey>? Changed;

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        var (certificate, secret) = Look(key);
        if (certificate is null || desk.ScopeOf(certificate, secret) is not { Targets.Count: > 0 } scope)
        {
            desk.Forget(key);
            Tell(key);
            return Outcome.Done;
        }

        DateTimeOffset now = time.GetUtcNow();
        var record = ServedRecord.Of(desk.Find(key), certificate, secret!.Certificate!, scope, caches.Certificates.Store.Count, now, options);
        var (target, state) = record.Next;
        if (IsDue(state, now))
            record = await AskAsync(record, target, state, cancel);
        desk.Keep(key, record);
        Tell(key);
        TimeSpan wait = record.Next.State.Due - time.GetUtcNow();
        return Outcome.After(wait < options.Interval ? wait : options.Interval);
    }

    /// <summary>After a clock was put back, what was due soon is far away: nothing is but a place in a long line.</summary>
    private bool IsDue(TargetState state, DateTimeOffset now) => state.Due <= now || (!state.HasPlace && state.Due > now + options.Interval);

    private async Task<ServedRecord> AskAsync(ServedRecord record, ServedTarget target, TargetState state, CancellationToken cancel)
    {
        var (seen, until) = await prober.AskAsync(target, state.HasPlace, record.Fingerprint, cancel);
        return seen is null ? record.With(target, state with { Due = until, HasPlace = true }) : record.With(target, seen, options);
    }

    private (Certificate? Certificate, SecretFacts? Secret) Look(ObjectKey key)
    {
        Certificate? certificate = caches.Certificates.Store.Find(key);
        return (certificate, certificate?.Spec is { } spec ? caches.Secrets.Store.Find(new ObjectKey(key.Namespace, spec.SecretName)) : null);
    }

    /// <summary>Looks again: something may have changed while an address was asked.</summary>
    private void Tell(ObjectKey key)
    {
        var (certificate, secret) = Look(key);
        if (certificate is null)
            return;
        Condition? told = Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Served);
        Condition? wanted = desk.ConditionOf(certificate, secret);
        if ((told?.Status, told?.Reason, told?.Message) != (wanted?.Status, wanted?.Reason, wanted?.Message))
            Changed?.Invoke(key);
    }
}
