using System.Collections.Concurrent;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Renewal;
using CertOperator.Api;
using CertOperator.Secrets;

namespace CertOperator.Issuers.Acme;

/// <summary>Asks CAs when they want a certificate renewed (RFC 9773), not more often than they like to be asked.</summary>
internal sealed class RenewalAdvisor(AcmeServers servers, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>After so many failures that pass by themselves the server is asked as seldom as after one that does not.</summary>
    private const int MostDoubled = 6;

    // Those in a row, by certificate. A restart begins anew: the time of the next question stands in status.
    private readonly ConcurrentDictionary<string, int> _failures = [];

    /// <summary>What is known of a certificate after the CA was asked, if it was time to.</summary>
    /// <param name="issuer">Who signed it.</param>
    /// <param name="stored">The certificate in use.</param>
    /// <param name="known">What is known so far.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>Null where the CA gives no such advice.</returns>
    public async Task<RenewalInfoStatus?> AskAsync(IIssuerObject issuer, CertificateFacts stored, RenewalInfoStatus? known, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (issuer.Spec?.Acme is not { RenewalInfo: not "Off" } || stored.RenewalId is not { } id || stored.NotAfter <= now)
            return null;
        if (known?.CertificateID != id)
            known = null;
        if (known?.NextCheck > now)
            return known;
        try
        {
            AcmeClient server = servers.For(issuer);
            if ((await server.GetDirectoryAsync(cancel)).RenewalInfo is null || !CertificateId.TryParse(id, out CertificateId? parsed))
                return null;
            RenewalInfo? info = await server.Certificates.GetRenewalInfoAsync(parsed, cancel);
            _failures.TryRemove(id, out _);
            return info is not null ? Of(id, info, stored, now) : Later(known, id, now + RenewalInfo.CheckAfterFailure);
        }
        catch (AcmeException failure)
        {
            return Later(known, id, failure.Failure.NotBefore ?? now + WaitAfter(failure.Failure, id));
        }
        catch (AccountException)
        {
            // The issuer is told of it; its certificates are renewed by their own rule.
            return Later(known, id, now + RenewalInfo.CheckAfterFailure);
        }
    }

    private TimeSpan WaitAfter(AcmeFailure failure, string id)
    {
        if (failure.Class is not FailureClass.Transient)
        {
            _failures.TryRemove(id, out _);
            return RenewalInfo.CheckAfterFailure;
        }

        int failures = _failures.AddOrUpdate(id, 1, (_, before) => Math.Min(before + 1, MostDoubled + 1));
        return failures > MostDoubled ? RenewalInfo.CheckAfterFailure : FirstWait * Math.Pow(2, failures - 1);
    }

    private static RenewalInfoStatus Of(string id, RenewalInfo info, CertificateFacts stored, DateTimeOffset now) => new()
    {
        CertificateID = id,
        SuggestedWindow = new TimeWindow { Start = info.Start, End = info.End },
        ChosenTime = RenewalSchedule.Compute(stored.NotBefore, stored.NotAfter, info, id, new RenewalPolicy(), now).RenewAt,
        NextCheck = info.NextCheck,
        ExplanationURL = info.Explanation is { OriginalString.Length: <= 2048 } page ? page.OriginalString : null,
    };

    /// <summary>What was advised before holds until the CA says something else.</summary>
    private static RenewalInfoStatus Later(RenewalInfoStatus? known, string id, DateTimeOffset at)
        => (known ?? new RenewalInfoStatus { CertificateID = id }) with { NextCheck = at };
}
