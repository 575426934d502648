namespace CertOperator.Acme.Orders;

/// <summary>RFC 8555 section 7.1.6.</summary>
public enum OrderStatus
{
    /// <summary>The server sent something else: see <see cref="Order.StatusText"/>.</summary>
    Unknown,
    Pending,
    Ready,
    Processing,
    Valid,
    Invalid,
}
