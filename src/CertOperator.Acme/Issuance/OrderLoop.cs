using CertOperator.Acme.Accounts;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Issuance;

/// <summary>Runs an <see cref="OrderMachine"/> from beginning to end within one process, for command lines and tests: it does wait.</summary>
public sealed class OrderLoop(AcmeClient client, ChallengeResponder responder, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly OrderMachine _machine = new(client, time);

    /// <summary>How long an order may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="AcmeException">The order failed, or did not end within the limit.</exception>
    public async Task<AcmeChain> IssueAsync(AcmeAccount account, OrderJob job, CancellationToken cancellationToken = default)
    {
        var end = _time.GetUtcNow() + Limit;
        OrderState? state = null;
        try
        {
            while (true)
            {
                switch (await _machine.StepAsync(account, job, state, cancellationToken).ConfigureAwait(false))
                {
                    case OrderStep.Continue step:
                        state = step.State;
                        break;
                    case OrderStep.WaitUntil step:
                        state = step.State;
                        await WaitAsync(step.At, end, TooLate(step.Why, state), cancellationToken).ConfigureAwait(false);
                        break;
                    case OrderStep.NeedPresent step:
                        state = step.State;
                        await responder.PresentAsync(step.Challenges, cancellationToken).ConfigureAwait(false);
                        state = state.WithPresented();
                        break;
                    case OrderStep.NeedCleanup step:
                        await responder.RemoveAsync(step.Challenges, cancellationToken).ConfigureAwait(false);
                        state = step.State.WithoutChallenges();
                        break;
                    case OrderStep.Issued step:
                        return step.Chain;
                    case OrderStep.Failed { Failure: { Class: FailureClass.Transient, NotBefore: { } again } failure } step:
                        state = step.State;
                        await WaitAsync(again, end, failure, cancellationToken).ConfigureAwait(false);
                        break;
                    case OrderStep.Failed step:
                        state = step.State;
                        throw new AcmeException(step.Failure);
                }
            }
        }
        finally
        {
            // Also when the order was cancelled.
            if (state is { Challenges.Count: > 0 }) await responder.RemoveAsync(state.Challenges, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(DateTimeOffset at, DateTimeOffset end, AcmeFailure tooLate, CancellationToken cancel)
    {
        if (at > end) throw new AcmeException(tooLate);
        var wait = at - _time.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancel).ConfigureAwait(false);
    }

    private AcmeFailure TooLate(string why, OrderState state) => new(
        FailureClass.Transient, Fault.Ca, AcmeStage.Order, $"The order did not end within {Limit}. {why}") { Url = state.Order };
}
