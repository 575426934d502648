namespace CertOperator.Acme.Issuance;

/// <summary>How an <see cref="OrderLoop"/> has challenges answered.</summary>
/// <param name="PresentAsync">Puts them in place; done when the CA will find them.</param>
/// <param name="RemoveAsync">Takes them away; called for what was presented, also after failures.</param>
public sealed record ChallengeResponder(
    Func<IReadOnlyList<PendingChallenge>, CancellationToken, Task> PresentAsync,
    Func<IReadOnlyList<PendingChallenge>, CancellationToken, Task> RemoveAsync);
