using System.Collections.Concurrent;
using CertOperator.Challenges;
using CertOperator.Testing.Acme.Faults;

namespace CertOperator.Issuers.Acme;

/// <summary>A solver and the place where the CA looks: what is presented here, and only that, is valid.</summary>
internal sealed class TokenBoard : IChallengeSolver
{
    private readonly ConcurrentDictionary<string, string> _keyAuthorizations = [];

    /// <summary>What a presentation says about a name; in place without an entry.</summary>
    public ConcurrentDictionary<string, Presentation> Says { get; } = [];

    /// <summary>Names that the CA does not find, whatever is presented.</summary>
    public ConcurrentDictionary<string, ValidationFailure> Unreachable { get; } = [];

    /// <summary>What is in place.</summary>
    public IReadOnlyCollection<string> Tokens => [.. _keyAuthorizations.Keys];

    public Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        if (Says.TryGetValue(challenge.Challenge.Identifier.Value, out Presentation? said) && said is not Presentation.InPlace)
            return Task.FromResult(said);
        string token = challenge.Challenge.Token!;
        _keyAuthorizations[token] = $"{token}.{challenge.Account.Thumbprint}";
        return Task.FromResult<Presentation>(new Presentation.InPlace());
    }

    public Task<bool> RemoveAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        _keyAuthorizations.TryRemove(challenge.Challenge.Token!, out _);
        return Task.FromResult(true);
    }

    public Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt)
    {
        ValidationFailure? failure = Unreachable.TryGetValue(attempt.Identifier.Value, out ValidationFailure? unreachable) ? unreachable
            : _keyAuthorizations.GetValueOrDefault(attempt.Token) == attempt.KeyAuthorization ? null
            : new ValidationFailure("unauthorized", "nothing is presented for this token", 403);
        return Task.FromResult(failure);
    }
}
