using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Issuance;

/// <summary>
/// Takes orders from their beginning to the certificate, one step at a time. It keeps nothing between steps and never waits: the state that
/// it returns is all there is, and the CA is asked what is true. Thread-safe for different orders; take the steps of one order in turn.
/// </summary>
public sealed class OrderMachine(AcmeClient client, TimeProvider? time = null)
{
    private static readonly TimeSpan MadeLifetime = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Takes one step. Never throws because of the CA or the network: that is <see cref="OrderStep.Failed"/>.</summary>
    /// <param name="account">Who orders.</param>
    /// <param name="job">What for; the same at each step.</param>
    /// <param name="state">What the last step returned, as stored; null to begin. One that does not fit is dropped.</param>
    /// <param name="cancellationToken">Ends the step; the state that was stored stays good.</param>
    public async Task<OrderStep> StepAsync(AcmeAccount account, OrderJob job, OrderState? state, CancellationToken cancellationToken = default)
    {
        OrderRun? run = null;
        try
        {
            var directory = await client.GetDirectoryAsync(cancellationToken).ConfigureAwait(false);
            run = new OrderRun(client, account, job, directory, _time);
            run.State = state is not null && run.Check.Accepts(state) ? state : null;
            return await AdvanceAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeException failure)
        {
            return new OrderStep.Failed(run is null ? state : run.State, failure.Failure);
        }
    }

    /// <summary>Gives up an order: its pending authorizations are deactivated, which frees the CA's limits.</summary>
    /// <exception cref="AcmeException">The CA could not be told. The order then simply expires.</exception>
    public async Task AbandonAsync(AcmeAccount account, OrderState state, CancellationToken cancellationToken = default)
    {
        var directory = await client.GetDirectoryAsync(cancellationToken).ConfigureAwait(false);
        if (!new StateCheck(directory, account, client.AllowHttp).Accepts(state)) return;
        var order = await client.Orders.GetAsync(account, state.Order, cancellationToken).ConfigureAwait(false);
        if (order.Status != OrderStatus.Pending) return;
        var authorizations = await client.Orders.GetAuthorizationsAsync(account, order.Authorizations, cancellationToken).ConfigureAwait(false);
        foreach (var authorization in authorizations.Where(authorization => authorization.Status == AuthorizationStatus.Pending))
            await client.Orders.DeactivateAuthorizationAsync(account, authorization.Url, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<OrderStep> AdvanceAsync(OrderRun run, CancellationToken cancel)
    {
        if (run.State is null) return await OrderCreation.CreateAsync(run, cancel).ConfigureAwait(false);
        if (run.State.Challenges.Count > 0) return await Validation.AdvanceAsync(run, cancel).ConfigureAwait(false);
        var order = await ReadAsync(run, run.State, cancel).ConfigureAwait(false);
        if (!order.Identifiers.ToHashSet().SetEquals(run.Job.Identifiers.Select(name => name.Canonical())))
        {
            // The names were changed meanwhile, or somebody wrote another order's address into the state.
            run.State = null;
            return await OrderCreation.CreateAsync(run, cancel).ConfigureAwait(false);
        }
        return order.Status switch
        {
            OrderStatus.Pending => await Validation.BeginAsync(run, order, cancel).ConfigureAwait(false),
            OrderStatus.Ready or OrderStatus.Processing or OrderStatus.Valid => await Completion.AdvanceAsync(run, order, cancel).ConfigureAwait(false),
            _ => await Validation.ExplainAsync(run, order, cancel).ConfigureAwait(false),
        };
    }

    // What was made a moment ago is as the CA said then; whoever comes back later asks again.
    private static async Task<Order> ReadAsync(OrderRun run, OrderState state, CancellationToken cancel)
    {
        run.State = state with { Made = null };
        if (state.Made is { } made && made.Url.OriginalString == state.Order.OriginalString && run.Now - state.StartedAt < MadeLifetime) return made;
        using var activity = AcmeActivities.Step("poll order");
        var order = await run.Client.Orders.GetAsync(run.Account, state.Order, cancel).ConfigureAwait(false);
        activity?.SetTag("acme.status", order.Status.ToString());
        return order;
    }
}
