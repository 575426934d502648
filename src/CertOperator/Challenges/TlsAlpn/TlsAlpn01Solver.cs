namespace CertOperator.Challenges.TlsAlpn;

/// <summary>TLS-ALPN-01 (RFC 8737): answered from the statuses of Certificates, so nothing is to be written.</summary>
internal sealed class TlsAlpn01Solver(OpenChallenges challenges, TimeProvider time) : IChallengeSolver
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        string name = OpenChallenges.Canonical(challenge.Challenge.Identifier.Value);
        OpenChallenge? first = challenges.ByServerName(OpenChallenges.ServerNameOf(name));
        return Task.FromResult<Presentation>(first is null || first.Id == new ChallengeId(challenge.Certificate, name, challenge.Challenge.Token ?? "")
            ? new Presentation.InPlace()
            : new Presentation.NotYet(time.GetUtcNow() + Soon, $"Another certificate for {name} is being validated by tls-alpn-01, which shows one answer at a time."));
    }

    /// <summary>It ends with the challenge in status.</summary>
    public Task RemoveAsync(ChallengeTask challenge, CancellationToken cancel) => Task.CompletedTask;
}
