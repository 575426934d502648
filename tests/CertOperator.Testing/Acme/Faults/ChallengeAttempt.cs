namespace CertOperator.Testing.Acme.Faults;

/// <summary>
/// A challenge to be judged. <paramref name="Type"/> is for instance <c>http-01</c>; the key authorization is that of the
/// account's present key (RFC 8555 section 8.1).
/// </summary>
public sealed record ChallengeAttempt(string Type, OrderedName Identifier, string Token, string KeyAuthorization, Uri Account)
{
    /// <summary>The identifier is the domain of a wildcard.</summary>
    public bool IsForWildcard { get; init; }
}
