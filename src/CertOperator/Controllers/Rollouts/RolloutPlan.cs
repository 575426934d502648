using CertOperator.Api;
using CertOperator.Controllers.Certificates;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Rollouts;

/// <summary>How the restarts of a Certificate stand.</summary>
/// <param name="Status">For status; null if the spec asks for none.</param>
/// <param name="Condition">For status; null if the spec asks for none.</param>
internal sealed record RolloutState(RolloutStatus? Status, Condition? Condition);

/// <summary>Decides on the restart of the workloads that a Certificate names. Pure, but for the slot that is taken.</summary>
/// <param name="State">How it stands.</param>
/// <param name="IsDue">They are to be restarted now, for the stored certificate.</param>
internal sealed record RolloutPlan(RolloutState State, bool IsDue)
{
    public const string NothingDue = "NothingDue";
    public const string Pending = "RolloutPending";
    public const string Off = "RolloutsOff";
    public const string Missing = "WorkloadMissing";
    public const string Failed = "RolloutFailed";

    private static readonly RolloutPlan None = new(new RolloutState(null, null), false);

    /// <param name="after">The situation, with the Secret as it is now.</param>
    /// <param name="isOn">Whether the operator may restart anything.</param>
    /// <param name="slot">Takes the time for a restart.</param>
    public static RolloutPlan Decide(Situation after, bool isOn, Func<DateTimeOffset> slot)
    {
        CertificateStatus? before = after.Certificate.Status;
        if (after.Spec.Rollout is not { Count: > 0 } targets)
            return None;
        Condition? told = Conditions.Find(before?.Conditions, ConditionTypes.RolledOut);
        if (after is not { OwnsSecret: true, Secret: { Problem: null, Certificate: { } stored } })
            return new(new RolloutState(before?.Rollout, told), false);

        // What was stored before anybody kept count is what they run with; the first certificate of all restarts nothing.
        string runsWith = before?.Rollout?.Fingerprint ?? before?.Fingerprint ?? stored.Fingerprint;
        var status = new RolloutStatus { Fingerprint = runsWith, NextTime = before?.Rollout?.NextTime };
        bool isCorrected = told?.Reason == Missing && told.ObservedGeneration != after.Certificate.Metadata.Generation;
        if (runsWith == stored.Fingerprint && !isCorrected)
            return new(new RolloutState(status with { NextTime = null }, Settled(after, told)), false);

        string names = string.Join(", ", targets);
        if (!isOn)
        {
            return new(new RolloutState(status with { NextTime = null }, Condition(after, false, Off,
                $"The certificate was replaced, and {names} may still run with the former one: the operator was started without --rollouts. Restart them, or have that option set.")), false);
        }

        DateTimeOffset at = status.NextTime ?? slot();
        return at <= after.Now
            ? new(new RolloutState(status, told), true)
            : new(new RolloutState(status with { NextTime = ApiTime.NotBefore(at) }, told is { Reason: Failed or Missing } ? told : Condition(after, false, Pending, $"The certificate was replaced; {names} will be restarted at {ApiTime.NotBefore(at):u}.")), false);
    }

    /// <summary>What came of the last restart, if that is what was told last.</summary>
    private static Condition Settled(Situation after, Condition? told) => told is { Reason: ConditionTypes.RolledOut or Missing }
        ? told with { ObservedGeneration = after.Certificate.Metadata.Generation }
        : Condition(after, true, NothingDue, "Nothing is restarted before the next rotation.");

    public static Condition Condition(Situation after, bool holds, string reason, string message) => new()
    {
        Type = ConditionTypes.RolledOut,
        Status = holds ? ConditionTypes.True : ConditionTypes.False,
        Reason = reason,
        Message = message,
        ObservedGeneration = after.Certificate.Metadata.Generation,
    };
}
