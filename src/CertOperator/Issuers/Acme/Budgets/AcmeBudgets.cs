using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>The budgets of all accounts. What was done before this process began is read from the Certificates' status.</summary>
internal sealed class AcmeBudgets(ObjectStore<Certificate> certificates)
{
    private readonly ConcurrentDictionary<string, Lazy<AccountBudget>> _budgets = [];

    /// <param name="issuer">Whose.</param>
    /// <param name="account">URL of its account: a new one begins anew.</param>
    public AccountBudget Of(IIssuerObject issuer, Uri account)
        => _budgets.GetOrAdd(KeyOf(issuer, account.OriginalString), _ => new Lazy<AccountBudget>(() => Recount(issuer))).Value;

    /// <summary>How many orders may be made now; null if there is no ceiling, or nothing was ordered by this process.</summary>
    public int? OrdersLeft(IIssuerObject issuer, DateTimeOffset now)
        => issuer is { Spec.Acme: { } acme, Status.Acme.Uri: { } account } && _budgets.TryGetValue(KeyOf(issuer, account), out Lazy<AccountBudget>? budget)
            ? budget.Value.OrdersLeft(BudgetLimits.Of(acme), now)
            : null;

    private static string KeyOf(IIssuerObject issuer, string account) => $"{issuer.Metadata.Uid} {account}";

    private AccountBudget Recount(IIssuerObject issuer)
    {
        var budget = new AccountBudget();
        string reference = $"{issuer.Kind}/{issuer.Metadata.Name}";
        foreach (Certificate certificate in certificates.All)
        {
            if (certificate.Status is { } status && (issuer.Metadata.Namespace is null || issuer.Metadata.Namespace == certificate.Metadata.Namespace))
                Recount(budget, certificate, status, reference);
        }

        return budget;
    }

    private static void Recount(AccountBudget budget, Certificate certificate, CertificateStatus status, string issuer)
    {
        bool concerns = status.Issuance?.Issuer == issuer || status.Attempts?.Any(attempt => attempt.Issuer == issuer) == true;
        if (!concerns || certificate.Spec is null || DesiredCertificate.From(certificate.Spec, out _) is not { } desired)
            return;
        var key = new ObjectKey(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "");
        var names = AcmeRequest.NamesOf(desired.Profile.Names);
        foreach (IssuanceAttempt attempt in (status.Attempts ?? []).Where(attempt => attempt.Issuer == issuer).Reverse())
        {
            budget.Ordered(attempt.Time);
            if (attempt.Outcome == IssuanceAttempt.Issued)
                budget.Issued(names.Select(name => name.Value), attempt.Time);
        }

        foreach (NameStatus failed in (status.Names ?? []).Where(name => name.State == NameStates.Invalid))
        {
            foreach (IssuanceAttempt attempt in (status.Attempts ?? []).Where(attempt => attempt.Issuer == issuer && attempt.Outcome == IssuanceAttempt.Failed).Reverse())
                budget.ValidationFailed(failed.Name, attempt.Time);
        }

        var wish = new OrderWish(key, names, null, IsRenewal: false, IsAdvised: false);
        if (status.Issuance is { } underWay && underWay.Issuer == issuer)
            budget.Keep(wish, underWay.Started);
        if (status is { NextAttemptTime: { } next, Attempts: [{ Outcome: IssuanceAttempt.Failed } last, ..] } && last.Issuer == issuer
            && Conditions.Find(status.Conditions, ConditionTypes.Issuing)?.Reason is { } reason and (FailureReport.RateLimited or FailureReport.AccountLimited))
        {
            budget.Hold(wish, isForAll: reason == FailureReport.AccountLimited, next, last.Reason);
        }
    }
}
