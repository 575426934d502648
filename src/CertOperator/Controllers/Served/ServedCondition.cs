using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>The condition Served as it should stand. Pure.</summary>
internal static class ServedCondition
{
    /// <param name="verdict">On what was seen; null while there is something to wait for.</param>
    /// <param name="certificate">Whose status has the former condition.</param>
    /// <param name="stored">The certificate in the Secret.</param>
    /// <param name="secret">Name of the Secret.</param>
    /// <returns>Null if there is nothing to say yet, and was nothing to say before.</returns>
    public static Condition? Of(ServedVerdict? verdict, Certificate certificate, CertificateFacts stored, string secret)
    {
        Condition? told = Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Served);
        // Of each of thousands that are looked at for the first time, that would be a write for nothing.
        if (verdict is null && told is null && certificate.Status?.Fingerprint == stored.Fingerprint)
            return null;
        ServedVerdict says = verdict ?? (told is not null && HoldsOn(told, certificate.Status, stored)
            ? new(told.Status, told.Reason, told.Message)
            : new(ConditionTypes.Unknown, ServedReasons.Pending, $"Whether the certificate in Secret {secret} is served is being looked at; ingress controllers may take a while to take it up."));
        return new Condition
        {
            Type = ConditionTypes.Served,
            Status = says.Status,
            Reason = says.Reason,
            Message = says.Message,
            ObservedGeneration = certificate.Metadata.Generation,
        };
    }

    /// <summary>
    /// What was told holds on until there is something else to tell: a mismatch over a rotation too, which does not mend it. That all is
    /// well was told of the former certificate only, and that there was nobody to ask is over.
    /// </summary>
    private static bool HoldsOn(Condition told, CertificateStatus? status, CertificateFacts stored) => told.Status == ConditionTypes.True
        ? status?.Fingerprint == stored.Fingerprint
        : told.Reason is not (ServedReasons.NoAddress or ServedReasons.NoHost or ServedReasons.Passthrough);
}
