namespace CertOperator.Acme.Orders;

/// <summary>RFC 8555 section 7.1.6.</summary>
public enum AuthorizationStatus
{
    /// <summary>The server sent something else: see <see cref="Authorization.StatusText"/>.</summary>
    Unknown,
    Pending,
    Valid,
    Invalid,
    Deactivated,
    Expired,
    Revoked,
}
