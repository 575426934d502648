using CertOperator.Acme.Certificates;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Issuance;

/// <summary>What a step of the <see cref="OrderMachine"/> ended with, and what the caller does next.</summary>
public abstract record OrderStep
{
    private OrderStep()
    {
    }

    /// <summary>An order exists. Store the state, then take the next step.</summary>
    /// <param name="State">To be stored.</param>
    /// <param name="Notes">What was left out of the order because the CA does not take it, a sentence each.</param>
    public sealed record Continue(OrderState State, IReadOnlyList<string> Notes) : OrderStep;

    /// <summary>The CA has not finished. Store the state if it changed, and take the next step at that time.</summary>
    /// <param name="State">To be stored.</param>
    /// <param name="At">Not before this.</param>
    /// <param name="Why">One printable line.</param>
    /// <param name="Names">What the CA says of each name that it has not validated; empty once it makes the certificate.</param>
    public sealed record WaitUntil(OrderState State, DateTimeOffset At, string Why, IReadOnlyList<NameProgress> Names) : OrderStep
    {
        /// <summary>Whether the CA named the time: store it too, if it is far off, for a restart must not shorten it.</summary>
        public bool IsAsked { get; init; }
    }

    /// <summary>
    /// Put these in place, see to it that the CA will find them, then take the next step with <see cref="OrderState.WithPresented"/>.
    /// Presenting must be repeatable. The step may be taken when only some are in place: it returns the others again.
    /// </summary>
    /// <param name="State">To be stored.</param>
    /// <param name="Challenges">Those that are not in place.</param>
    public sealed record NeedPresent(OrderState State, IReadOnlyList<PendingChallenge> Challenges) : OrderStep;

    /// <summary>All names are validated. Remove what was presented, then take the next step with <see cref="OrderState.WithoutChallenges"/>.</summary>
    /// <param name="State">To be stored.</param>
    /// <param name="Challenges">All that were presented for this order.</param>
    public sealed record NeedCleanup(OrderState State, IReadOnlyList<PendingChallenge> Challenges) : OrderStep;

    /// <summary>The certificate. Its key, names, dates and signatures have been checked; the trust in its root has not.</summary>
    /// <param name="Chain">The leaf first.</param>
    /// <param name="IsPreferredChain">False if no chain of the CA meets the job's preference.</param>
    /// <param name="Order">Which order it came of.</param>
    public sealed record Issued(AcmeChain Chain, bool IsPreferredChain, Uri Order) : OrderStep;

    /// <summary>
    /// The step failed. If <see cref="AcmeFailure.Class"/> is transient, take it again with this state, not before
    /// <see cref="AcmeFailure.NotBefore"/>. Otherwise the order is over: remove what the state still lists, and begin, if at all, without a
    /// state.
    /// </summary>
    /// <param name="State">Null if there is no order yet.</param>
    /// <param name="Failure">What, whose fault, and what to do.</param>
    public sealed record Failed(OrderState? State, AcmeFailure Failure) : OrderStep;
}
