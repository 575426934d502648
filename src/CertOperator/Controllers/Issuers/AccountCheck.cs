using System.Collections.Concurrent;
using CertOperator.Acme.Errors;
using CertOperator.Api;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Queues;

namespace CertOperator.Controllers.Issuers;

/// <summary>Whether an ACME issuer has an account that can be used.</summary>
internal sealed class AccountCheck(AcmeAccounts accounts, TimeProvider time)
{
    /// <summary>The Secret with the key is not watched.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Lasting = TimeSpan.FromHours(6);
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(10));

    private readonly ConcurrentDictionary<string, int> _failures = [];

    public async Task<IssuerFinding> CheckAsync(IIssuerObject issuer, CancellationToken cancel)
    {
        string key = $"{issuer.Metadata.Uid}/{issuer.Metadata.Generation}";
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
            return IssuerFinding.Bad(reason, message, notBefore > again ? notBefore : again) with { Acme = issuer.Status?.Acme };
        }
    }

    private int Failed(string key) => _failures.AddOrUpdate(key, 1, (_, count) => count + 1);
}
