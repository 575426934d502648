namespace CertOperator.Testing.Acme;

/// <summary>How a <see cref="PebbleServer"/> behaves. Without options it is quick and predictable, but for 5 % of refused nonces.</summary>
public sealed record PebbleOptions
{
    /// <summary>How many good nonces in a hundred are refused, 0 to 99.</summary>
    public int NonceRejectPercent { get; init; } = 5;

    /// <summary>How many valid authorizations in a hundred are used again for new orders.</summary>
    public int AuthorizationReusePercent { get; init; }

    /// <summary>Refuses what Pebble will refuse in future versions.</summary>
    public bool Strict { get; init; }

    /// <summary>Takes every challenge for met, without looking.</summary>
    public bool AlwaysValid { get; init; }

    /// <summary>Validations sleep a random time below this many seconds; 0: they do not sleep.</summary>
    public int ValidationSleepSeconds { get; init; }

    /// <summary>How many intermediates a chain has.</summary>
    public int ChainLength { get; init; } = 1;

    /// <summary>How many further roots offer alternate chains.</summary>
    public int AlternateRoots { get; init; }

    /// <summary>How many order URLs a page of the orders list has.</summary>
    public int OrdersPerPage { get; init; } = 3;

    /// <summary>External account keys (RFC 8555 section 7.3.4): key identifier to MAC key in base64url. None: no binding is asked for.</summary>
    public IReadOnlyDictionary<string, string> ExternalAccountKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>Profiles and how long their certificates live. None: Pebble's own, of 90 days.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Profiles { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Seconds in the Retry-After of authorizations and orders that are not final; null: what Pebble chooses.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Names that are refused with rejectedIdentifier.</summary>
    public IReadOnlyList<string> BlockedNames { get; init; } = [];

    /// <summary>Where HTTP-01 is validated; null: at the <see cref="ChallengeTestServer"/>.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Where TLS-ALPN-01 is validated; null: at the <see cref="ChallengeTestServer"/>.</summary>
    public int? TlsPort { get; init; }

    /// <summary>The DNS server to ask, <c>host:port</c>; null: the <see cref="ChallengeTestServer"/>.</summary>
    public string? DnsServer { get; init; }
}
