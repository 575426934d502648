namespace CertOperator.Acme.Orders;

/// <summary>RFC 8555 section 7.1.6.</summary>
public enum ChallengeStatus
{
    /// <summary>The server sent something else, or nothing.</summary>
    Unknown,
    Pending,
    Processing,
    Valid,
    Invalid,
}
