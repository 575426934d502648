using CertOperator.Api;

namespace CertOperator.Challenges;

/// <summary>What the answers to an account's challenges are made of. Nothing in it is secret.</summary>
/// <param name="Url">Of the account at the CA.</param>
/// <param name="Thumbprint">Of the account key (RFC 7638).</param>
internal sealed record ChallengeAccount(Uri Url, string Thumbprint)
{
    /// <summary>The account that the challenges of a status were answered for; null if it tells none, and then none was.</summary>
    public static ChallengeAccount? Of(IssuanceStatus issuance)
        => issuance.KeyThumbprint is { } thumbprint && Uri.TryCreate(issuance.AccountURL, UriKind.Absolute, out Uri? url) ? new ChallengeAccount(url, thumbprint) : null;
}
