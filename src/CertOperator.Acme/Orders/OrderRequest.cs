namespace CertOperator.Acme.Orders;

/// <summary>What is ordered (RFC 8555 section 7.4).</summary>
/// <param name="Identifiers">In any order; duplicates are dropped.</param>
public sealed record OrderRequest(IReadOnlyList<Identifier> Identifiers)
{
    /// <summary>A profile that the directory names; null for the CA's choice.</summary>
    public string? Profile { get; init; }

    /// <summary>The certificate that this one replaces (RFC 9773 section 5); not sent to a CA without renewal information.</summary>
    public string? Replaces { get; init; }

    /// <summary>Most CAs refuse an order that sets it.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Most CAs refuse an order that sets it.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}
