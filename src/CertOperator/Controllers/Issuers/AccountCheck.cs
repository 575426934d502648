using System.Collections.Concurrent;
using CertOperator.Acme.Errors;
using CertOperator.Api;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Queues;

namespace CertOperator.Controllers.Issuers;

/// <summary>Whether an ACME issuer has an account that can be used.</summary>
internal sealed class AccountCheck(AcmeAccounts accounts, TimeProvider time)
{
    /// <summary>The Secret with the key is not watched.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Lasting = TimeSpan.FromHours(6);

    /// <summary>A server that names a time beyond this, or whoever wrote it into status, is not believed.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(1);

    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(10));

    private readonly ConcurrentDictionary<string, int> _failures = [];

    public async Task<IssuerFinding> CheckAsync(IIssuerObject issuer, CancellationToken cancel)
    {
        string key = $"{issuer.Metadata.Uid}/{issuer.Metadata.Generation}";
        if (Hold(issuer) is { } hold)
            return hold;
        try
        {
            AccountAccess access = await accounts.OpenAsync(issuer, maintain: true, cancel);
            _failures.TryRemove(key, out _);
            return IssuerFinding.OfAccount(access, time.GetUtcNow() + Recheck);
        }
        catch (AccountException unusable)
        {
            return Bad(unusable.Reason, unusable.Message, Retries.Delay(Failed(key)), null);
        }
        catch (AcmeException exception)
        {
            AcmeFailure failure = exception.Failure;
            TimeSpan wait = failure.Class is FailureClass.Transient ? Retries.Delay(Failed(key)) : Lasting;
            return Bad(FailureReport.ReasonOf(failure), FailureReport.MessageOf(failure), wait, failure.NotBefore);
        }

        // The account stays what it is while it cannot be used.
        IssuerFinding Bad(string reason, string message, TimeSpan wait, DateTimeOffset? notBefore)
        {
            DateTimeOffset again = time.GetUtcNow() + wait;
            AcmeStatus? told = issuer.Status?.Acme is { } known ? known with { NextCheck = null } : null;
            if (notBefore is { } asked)
                told = (told ?? new AcmeStatus()) with { NextCheck = ApiTime.NotBefore(asked) };
            return IssuerFinding.Bad(reason, message, notBefore > again ? notBefore : again) with { Acme = told };
        }
    }

    /// <summary>What the server asked to be waited for, perhaps of a process before this one.</summary>
    private IssuerFinding? Hold(IIssuerObject issuer)
        => issuer.Status?.Acme is { NextCheck: { } until } told && until > time.GetUtcNow() && until - time.GetUtcNow() < LongestHold
            && Conditions.Find(issuer.Status.Conditions, ConditionTypes.Ready) is { Status: ConditionTypes.False } ready && ready.ObservedGeneration == issuer.Metadata.Generation
            ? IssuerFinding.Bad(ready.Reason, ready.Message, until) with { Acme = told }
            : null;

    private int Failed(string key) => _failures.AddOrUpdate(key, 1, (_, count) => count + 1);
}
