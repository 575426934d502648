using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>
/// What is known of how a Certificate is served. It is not kept anywhere else: after a restart the condition in status tells as much
/// as is needed to go on. Pure; a change makes another one.
/// </summary>
/// <param name="Uid">Of the Certificate.</param>
/// <param name="Fingerprint">Of the certificate that is stored.</param>
/// <param name="States">By target.</param>
internal sealed record ServedRecord(string Uid, string Fingerprint, IReadOnlyDictionary<ServedTarget, TargetState> States)
{
    /// <summary>By how much CAs date a new certificate back, at most: Let's Encrypt by an hour.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(2);

    /// <summary>The target to ask next.</summary>
    public (ServedTarget Target, TargetState State) Next => States.Select(pair => (pair.Key, pair.Value)).MinBy(pair => pair.Value.Due);

    /// <summary>The record for what is stored and asked now.</summary>
    /// <param name="before">The former one; null if there is none.</param>
    /// <param name="certificate">Whose status tells what was found before a restart.</param>
    /// <param name="stored">The certificate in the Secret.</param>
    /// <param name="scope">What there is to ask.</param>
    /// <param name="fleet">How many Certificates there are.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">How patiently.</param>
    public static ServedRecord Of(ServedRecord? before, Certificate certificate, CertificateFacts stored, ServedScope scope, int fleet, DateTimeOffset now, ServedOptions options)
    {
        string uid = certificate.Metadata.Uid ?? "";
        if (before?.Uid != uid)
            before = null;
        if (before is not null && before.Fingerprint == stored.Fingerprint && before.States.Count == scope.Targets.Count && scope.Targets.Keys.All(before.States.ContainsKey))
            return before;

        return new ServedRecord(uid, stored.Fingerprint, scope.Targets.Keys.ToDictionary(target => target, target => (before, before?.States.GetValueOrDefault(target)) switch
        {
            (null, _) => Found(certificate, stored, target, fleet, now, options),
            (_, null) => new TargetState { Due = now + ServedTimes.Soon, WrongSince = now },
            (_, { } known) when before.Fingerprint == stored.Fingerprint => known,
            _ => new TargetState { Due = now + ServedTimes.Soon, WrongSince = now },
        }));
    }

    /// <summary>The record after a target was asked.</summary>
    public ServedRecord With(ServedTarget target, Sighting seen, ServedOptions options)
    {
        bool isRight = seen.Shows(Fingerprint);
        DateTimeOffset since = States[target].WrongSince ?? seen.At;
        return With(target, new TargetState
        {
            Due = isRight ? ServedTimes.Regular(Uid, target, seen.At, options.Interval) : ServedTimes.Again(since, seen.At, options),
            WrongSince = isRight ? null : since,
            Last = seen,
        });
    }

    /// <summary>The record with another state of a target.</summary>
    public ServedRecord With(ServedTarget target, TargetState state) => this with { States = new Dictionary<ServedTarget, TargetState>(States) { [target] = state } };

    /// <summary>A target that this process never asked.</summary>
    private static TargetState Found(Certificate certificate, CertificateFacts stored, ServedTarget target, int fleet, DateTimeOffset now, ServedOptions options)
    {
        CertificateStatus? status = certificate.Status;
        Condition? told = Conditions.Find(status?.Conditions, ConditionTypes.Served);
        string uid = certificate.Metadata.Uid ?? "";
        if (told?.Status == ConditionTypes.True && status?.Fingerprint == stored.Fingerprint)
            return new TargetState { Due = ServedTimes.Regular(uid, target, now, options.Interval) };

        DateTimeOffset? issued = status?.Attempts?.FirstOrDefault(attempt => attempt.Outcome == IssuanceAttempt.Issued)?.Time;
        // Status may not tell yet of what was stored a moment ago.
        bool isNew = issued > now - options.Grace || (status?.Fingerprint != stored.Fingerprint && stored.NotBefore > now - Backdating);
        bool wasNobodyToAsk = told?.Reason is ServedReasons.NoAddress or ServedReasons.NoHost or ServedReasons.Passthrough;
        DateTimeOffset since = wasNobodyToAsk || told?.LastTransitionTime is not { } changed ? now : issued > changed ? issued.Value : changed;
        return new TargetState
        {
            Due = wasNobodyToAsk || isNew ? now + ServedTimes.Soon : ServedTimes.First(uid, target, now, fleet, options),
            WrongSince = since < now ? since : now,
        };
    }
}
