using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

/// <summary>What happens next to a Certificate, in plain words. Pure.</summary>
internal static class NextStep
{
    public static string Of(Certificate certificate, DateTimeOffset now)
    {
        CertificateStatus? status = certificate.Status;
        Condition? ready = Conditions.Find(status?.Conditions, ConditionTypes.Ready);
        if (certificate.Metadata.DeletionTimestamp is not null)
            return "It is being deleted.";
        if (ready is null)
            return "The operator has not looked at it yet: does it run?";
        if (ready.ObservedGeneration < certificate.Metadata.Generation)
            return "The spec was changed, and the operator has not looked at it since: does it run?";
        if (status!.Issuance is { } issuance)
            return UnderWay(status, issuance, now);
        if (status.NextAttemptTime is { } next)
            return Attempt(status, next, now);
        if (ready.Status != ConditionTypes.True)
            return "It is looked at again as soon as that changes.";
        return status.RenewalTime switch
        {
            { } renewal when renewal > now => $"It renews on {Times.Minute(renewal)}, {Times.Distance(renewal, now)}.",
            { } renewal => $"Its renewal is due since {Times.Minute(renewal)}.",
            null => "Nothing is to be done.",
        };
    }

    private static string UnderWay(CertificateStatus status, IssuanceStatus issuance, DateTimeOffset now)
    {
        string sentence = $"{issuance.Issuer} has been asked {Times.Distance(issuance.Started, now)}.";
        string? waits = Conditions.Find(status.Conditions, ConditionTypes.Issuing)?.Message;
        string check = issuance.NextCheck > now ? $" It is asked again {Times.Distance(issuance.NextCheck.Value, now)}." : "";
        return $"{sentence}{(waits is null ? "" : " " + waits)}{check}";
    }

    private static string Attempt(CertificateStatus status, DateTimeOffset next, DateTimeOffset now)
    {
        string when = next > now ? $"on {Times.Minute(next)}, {Times.Distance(next, now)}" : "now";
        return status.FailedIssuanceAttempts is > 0 and var failures
            ? $"The next attempt is made {when}, because the last one failed{(failures > 1 ? $", as the {failures - 1} before it" : "")}; cert-operator renew makes it at once."
            : $"The next attempt is made {when}.";
    }
}
