using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Orders;

/// <summary>An order as the CA tells it (RFC 8555 section 7.1.3).</summary>
public sealed record Order
{
    /// <summary>Where it was created: the Location of newOrder, and never anything else.</summary>
    public required Uri Url { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>As sent, made printable.</summary>
    public required string StatusText { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>In canonical form, in any order.</summary>
    public required IReadOnlyList<Identifier> Identifiers { get; init; }

    /// <summary>In any order; fewer than identifiers are possible.</summary>
    public required IReadOnlyList<Uri> Authorizations { get; init; }

    public required Uri Finalize { get; init; }

    /// <summary>Where the certificate is. Some CAs say "valid" a moment before they tell it.</summary>
    public Uri? Certificate { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public AcmeProblem? Error { get; init; }

    /// <summary>The certificate that this one replaces (RFC 9773 section 5).</summary>
    public string? Replaces { get; init; }

    public string? Profile { get; init; }

    /// <summary>When the CA wants to be asked again.</summary>
    public DateTimeOffset? RetryAfter { get; init; }
}
