namespace CertOperator.Acme.Accounts;

/// <summary>RFC 8555 section 7.1.6.</summary>
public enum AccountStatus
{
    /// <summary>The server sent something else, or nothing.</summary>
    Unknown,
    Valid,
    Deactivated,
    Revoked,
}
