using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Issuers.Acme;

/// <summary>Whether an order gets on by itself, for whoever waits for its end. Pure.</summary>
internal static class OrderProgress
{
    public const string Ordered = "Ordered";
    public const string Validating = "Validating";
    public const string Finalizing = "Finalizing";

    /// <summary>An order of it, or one for the same names, is under way and waits for no person: it will be over, one way or the other.</summary>
    public static bool GoesOn(Certificate certificate) => Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Issuing) is { } issuing
        && (issuing.Reason == Budgets.AccountBudget.TwinReason || (certificate.Status?.Issuance is not null && issuing.Reason != OrderWalk.RecordMissing));
}
