using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Issuers.Acme;

/// <summary>Whether an order gets on by itself, for whoever waits for its end. Pure.</summary>
internal static class OrderProgress
{
    public const string Ordered = "Ordered";
    public const string Validating = "Validating";
    public const string Finalizing = "Finalizing";

    /// <summary>The CA is at work, or the challenges are on their way: it will be over soon, one way or the other.</summary>
    public static bool GoesOn(Certificate certificate) => Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Issuing) is { } issuing
        && (issuing.Reason is Ordered or Validating or Finalizing or OrderWalk.Presenting or Budgets.AccountBudget.TwinReason);
}
