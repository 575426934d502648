using CertOperator.Acme.Issuance;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges;

/// <summary>One way of proving control of a name. Level-triggered: each call says what is wanted, a repeated call changes nothing.</summary>
internal interface IChallengeSolver
{
    /// <summary>Brings what the CA will look for in place as far as it can, and says how far it is. Never waits.</summary>
    Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel);

    /// <summary>Removes what <see cref="PresentAsync"/> put in place; no error if it is gone already.</summary>
    /// <returns>False if it is left for now; why is logged.</returns>
    Task<bool> RemoveAsync(ChallengeTask challenge, CancellationToken cancel);
}

/// <summary>A challenge to be answered. Nothing in it is secret.</summary>
/// <param name="Certificate">For which Certificate.</param>
/// <param name="Issuer">Whose solver it is; its references to Secrets are resolved in its namespace.</param>
/// <param name="Solver">The solver that was selected for the name.</param>
/// <param name="Challenge">The name (with "*." if it is for the wildcard), the type, and the token (RFC 8555, 8.1).</param>
/// <param name="Account">Whose challenge it is.</param>
internal sealed record ChallengeTask(ObjectKey Certificate, IIssuerObject Issuer, AcmeSolverSpec Solver, PendingChallenge Challenge, ChallengeAccount Account);

/// <summary>How far a challenge is.</summary>
internal abstract record Presentation
{
    private Presentation()
    {
    }

    /// <summary>The CA can be told to look.</summary>
    /// <param name="Advice">What a check of one's own found amiss, one sentence; null if nothing.</param>
    /// <param name="Lapse">When it will be of no use any more; null if it is for this challenge only.</param>
    internal sealed record InPlace(string? Advice = null, Lapse? Lapse = null) : Presentation;

    /// <summary>It takes time.</summary>
    /// <param name="LookAgain">When to ask again.</param>
    /// <param name="Why">What is waited for, one sentence.</param>
    /// <param name="NeedsUser">It is waited for what a person has to do.</param>
    internal sealed record NotYet(DateTimeOffset LookAgain, string Why, bool NeedsUser = false) : Presentation;

    /// <summary>It cannot be done as things are.</summary>
    /// <param name="Why">What happened, whose fault it is, what to do; one sentence.</param>
    internal sealed record Impossible(string Why) : Presentation;
}
