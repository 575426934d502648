using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// Has certificates signed by an ACME server. The order is in status before anything is done for it, its key in a Secret before
/// the server hears of it; what a restart loses is asked of the server.
/// </summary>
internal sealed class AcmeIssuer(IIssuerObject issuer, AcmeServices services) : IIssuer
{
    private static readonly TimeSpan AccountRetry = TimeSpan.FromMinutes(1);

    public bool OutlivesProcess => true;

    public async Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel)
    {
        if (AcmeRequest.Problem(issuance.Desired, issuer.Spec!.Acme!.Server) is { } problem)
            return new IssuanceStep.Failed("RequestRefused", problem) { IsLasting = true };

        // An order goes on when the issuer is changed, but what was said of it may not hold any more.
        string request = $"{issuer.Metadata.Uid}/{issuer.Metadata.Generation}/{issuance.Desired.SpecHash}";
        OrderUnderWay? known = services.Orders.Find(KeyOf(issuance.Certificate), request);
        // Only what waits for its challenges is woken: nothing else makes the CA's own time come sooner.
        bool isWoken = services.Orders.TakeWake(KeyOf(issuance.Certificate)) && known?.Last.Reason is OrderWalk.Presenting or OrderWalk.RecordMissing;
        if (known is not null && !isWoken && known.Last.Until > services.Time.GetUtcNow() && known.Last.State?.OrderURL == issuance.UnderWay?.OrderURL)
            return known.Last with { State = issuance.UnderWay };
        try
        {
            AccountAccess access = await services.Accounts.OpenAsync(issuer, maintain: false, cancel);
            return await new OrderWalk(issuer, services, issuance, access, known, request).AdvanceAsync(cancel);
        }
        catch (AccountException unusable)
        {
            return Refused(issuance, new IssuanceStep.Failed(unusable.Reason, unusable.Message) { IsOfIssuer = true });
        }
        catch (AcmeException failure)
        {
            return Refused(issuance, FailureReport.Of(failure.Failure, []));
        }
    }

    /// <summary>Ends an order that nobody wants any more: what was put in place is removed, and the CA is told if it can be.</summary>
    /// <returns>False if something is still in place that may be removed later.</returns>
    public async Task<bool> AbandonAsync(Certificate certificate, IssuanceStatus underWay, CancellationToken cancel)
    {
        services.Orders.Forget(KeyOf(certificate));
        bool isTidy = ChallengeAccount.Of(underWay) is not { } account
            || await new ChallengeDesk(services.Solvers, issuer, certificate, account).RemoveAsync(OrderRecord.ChallengesOf(underWay), cancel);
        await TellAsync(certificate, underWay, cancel);
        return isTidy;
    }

    private async Task TellAsync(Certificate certificate, IssuanceStatus underWay, CancellationToken cancel)
    {
        try
        {
            AccountAccess access = await services.Accounts.OpenAsync(issuer, maintain: false, cancel);
            if (OrderRecord.Read(underWay, access.Client.DirectoryUrl, access.Account) is not { } state)
                return;
            services.Budgets.Of(issuer, access.Account.Url).Leave(KeyOf(certificate));
            await new OrderMachine(access.Client, services.Time).AbandonAsync(access.Account, state, cancel);
        }
        catch (Exception failure) when (failure is AccountException or AcmeException)
        {
            // The order ends by itself when its time is over.
            OperatorLog.OrderNotAbandoned(services.Logger, KeyOf(certificate), failure.Message);
        }
    }

    /// <summary>Without the account nothing can be asked; an order under way is kept until it can.</summary>
    private IssuanceStep Refused(Issuance issuance, IssuanceStep.Failed failed)
    {
        services.Health.Failed(issuer, null, failed.NotBefore);
        return issuance.UnderWay is { } underWay
            ? new IssuanceStep.Pending(underWay, failed.NotBefore ?? services.Time.GetUtcNow() + AccountRetry, failed.Reason, failed.Message)
            : failed;
    }

    private static ObjectKey KeyOf(Certificate certificate) => new(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "");
}
