namespace CertOperator.Acme.Orders;

/// <summary>Whether the account may have a certificate for a name (RFC 8555 section 7.1.4).</summary>
public sealed record Authorization
{
    public required Uri Url { get; init; }

    /// <summary>In canonical form, with "*." if it is for the wildcard.</summary>
    public required Identifier Identifier { get; init; }

    public required AuthorizationStatus Status { get; init; }

    /// <summary>As sent, made printable.</summary>
    public required string StatusText { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required IReadOnlyList<Challenge> Challenges { get; init; }

    /// <summary>When the CA wants to be asked again.</summary>
    public DateTimeOffset? RetryAfter { get; init; }
}
