using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Served;

/// <summary>What is told beside the condition Served: that something got wrong or unclear, and that it is right again. Pure.</summary>
internal static class ServedEvent
{
    /// <returns>Null if there is no change to tell of.</returns>
    public static (EventSeverity Severity, Condition Condition)? Of(CertificateStatus? before, CertificateStatus now)
    {
        Condition? was = Conditions.Find(before?.Conditions, ConditionTypes.Served);
        if (Conditions.Find(now.Conditions, ConditionTypes.Served) is not { } present || (present.Status, present.Reason) == (was?.Status, was?.Reason))
            return null;
        if (IsTrouble(present))
            return (EventSeverity.Warning, present);
        // After each rotation it is right again; that goes without saying.
        return present.Status == ConditionTypes.True && was is not null && IsTrouble(was) ? (EventSeverity.Normal, present) : null;
    }

    private static bool IsTrouble(Condition condition)
        => condition.Reason is ServedReasons.OtherCertificate or ServedReasons.NotReachable or ServedReasons.HandshakeFailed or ServedReasons.AddressNotAllowed;
}
