using CertOperator.Acme.Certificates;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>The steps from the last validation to the certificate.</summary>
internal static class Completion
{
    // Some CAs show an order as ready for a moment after they took the request, and as valid before they show its certificate.
    private static readonly TimeSpan ReadyLag = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CertificateLag = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CertificateRetry = TimeSpan.FromMinutes(5);

    public static async Task<OrderStep> AdvanceAsync(OrderRun run, Order order, CancellationToken cancel)
    {
        var facts = await ReadRequestAsync(run, cancel).ConfigureAwait(false);
        if (facts.Problem is { } problem) return run.Fail(FailureClass.Permanent, Fault.Client, AcmeStage.Finalize, problem);
        var isSent = run.Known.FinalizedAt is { } sent && run.Now - sent < ReadyLag;
        if (order.Status == OrderStatus.Ready && !isSent)
        {
            order = await FinalizeAsync(run, order, facts.Request, cancel).ConfigureAwait(false);
            if (order.Status is OrderStatus.Invalid or OrderStatus.Unknown) return await Validation.ExplainAsync(run, order, cancel).ConfigureAwait(false);
        }
        else if (run.Known.FinalizedAt is null)
        {
            // Sent before a restart; from now on the wait is counted.
            run.State = run.Known with { FinalizedAt = run.Now };
        }
        if (order.Status != OrderStatus.Valid) return Wait(run, order, "The CA is making the certificate.");
        return order.Certificate is { } certificate
            ? await DownloadAsync(run, certificate, facts.Facts!, cancel).ConfigureAwait(false)
            : NoCertificate(run, order);
    }

    /// <summary>Sends the request; if the CA says that it is not the time for it, the order as it is.</summary>
    private static async Task<Order> FinalizeAsync(OrderRun run, Order order, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        run.State = run.Known with { FinalizedAt = run.Now };
        using var activity = AcmeActivities.Step("finalize order");
        try
        {
            return await run.Client.Orders.FinalizeAsync(run.Account, order, request, cancel).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.Problem?.Type == ProblemTypes.OrderNotReady)
        {
            // Either it was sent before, or one of the CA's servers lags behind another: only the order tells.
            return await run.Client.Orders.GetAsync(run.Account, order.Url, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<OrderStep> DownloadAsync(OrderRun run, Uri certificate, SigningRequestFacts facts, CancellationToken cancel)
    {
        using var activity = AcmeActivities.Step("download certificate");
        var download = await run.Client.Certificates.DownloadAsync(run.Account, certificate, run.Job.Chain, cancel).ConfigureAwait(false);
        return ChainCheck.Problem(download.Chain, facts, run.Now) is { } problem
            ? run.Fail(FailureClass.NewOrder, Fault.Ca, AcmeStage.Certificate, $"{Failures.Host(certificate)} sent a certificate that is not what was ordered: {problem}. It is not used.")
            : new OrderStep.Issued(download.Chain, download.IsPreferred, run.Known.Order);
    }

    private static OrderStep NoCertificate(OrderRun run, Order order)
    {
        if (run.Now - run.Known.FinalizedAt < CertificateLag) return Wait(run, order, "The CA says that the certificate is made, but not yet where it is.");
        return run.Fail(new AcmeFailure(
            FailureClass.Transient, Fault.Ca, AcmeStage.Order, $"{Failures.Host(order.Url)} says that the certificate is made, but not where it is. The same order is looked at again.")
        {
            Url = order.Url,
            NotBefore = run.Now + CertificateRetry,
        });
    }

    private static OrderStep.WaitUntil Wait(OrderRun run, Order order, string why)
        => new(run.Known, PollDelay.Next(run.Known.FinalizedAt ?? run.Now, order.RetryAfter, run.Now), why, []) { IsAsked = order.RetryAfter is not null };

    private static async Task<(ReadOnlyMemory<byte> Request, SigningRequestFacts? Facts, string? Problem)> ReadRequestAsync(OrderRun run, CancellationToken cancel)
    {
        var request = await run.Job.SigningRequest(cancel).ConfigureAwait(false);
        if (SigningRequestFacts.Read(request.Span) is not { } facts) return (request, null, "The signing request cannot be parsed.");
        var names = run.Job.Identifiers.Select(name => name.Canonical()).ToHashSet();
        if (!facts.Names.SetEquals(names)) return (request, facts, "The signing request has other names than the order.");
        return facts.PublicKeyInfo.Span.SequenceEqual(run.Account.Key.PublicKeyInfo.Span)
            ? (request, facts, "The signing request has the account's key, which must not be a certificate's (RFC 8555 section 11.1).")
            : (request, facts, null);
    }
}
