namespace CertOperator.Testing.Acme;

/// <summary>What a <see cref="FakeAcmeServer"/> is, from its start.</summary>
public sealed record FakeAcmeOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Appended to every URL, the directory's included, but not to renewalInfo: a query that clients must not change.</summary>
    public string UrlSuffix { get; init; } = "";

    /// <summary>External account keys (RFC 8555 section 7.3.4): key identifier to MAC key in base64url.</summary>
    public IReadOnlyDictionary<string, string> ExternalAccountKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether new accounts need a binding.</summary>
    public bool ExternalAccountRequired { get; init; }

    /// <summary>Whether the directory tells that new accounts need a binding; some servers tell the opposite.</summary>
    public bool? ExternalAccountRequiredAsTold { get; init; }

    /// <summary>Whether an external account key binds one account only.</summary>
    public bool ExternalAccountKeysAreSingleUse { get; init; }

    /// <summary>Must be agreed to by new accounts; null: there are none.</summary>
    public string? TermsOfService { get; init; } = "https://ca.example/terms/1";

    /// <summary>Profiles and how long their certificates live.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Profiles { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long certificates live that ask for no profile.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long orders and pending authorizations live.</summary>
    public TimeSpan OrderLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a valid authorization stays so.</summary>
    public TimeSpan AuthorizationLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether valid authorizations serve later orders of the account.</summary>
    public bool ReusesAuthorizations { get; init; }

    /// <summary>Whether a request for a new order returns the account's open one for the same names.</summary>
    public bool ReusesOrders { get; init; }

    /// <summary>The challenge types that are offered, as far as they suit the identifier.</summary>
    public IReadOnlyList<string> ChallengeTypes { get; init; } = ["http-01", "dns-01", "tls-alpn-01"];

    /// <summary>
    /// What the account's hash in records for dns-persist-01 begins with (version 02 of the draft); null: records name the account by its URL
    /// (version 01).
    /// </summary>
    public string? AccountHashPrefix { get; init; }

    /// <summary>How many intermediates a chain has.</summary>
    public int ChainLength { get; init; } = 1;

    /// <summary>How many further roots offer alternate chains.</summary>
    public int AlternateRoots { get; init; }

    /// <summary>How many order URLs a page of the orders list has.</summary>
    public int OrdersPerPage { get; init; } = 3;

    /// <summary>Whether there is renewalInfo (RFC 9773), and newOrder takes <c>replaces</c>.</summary>
    public bool HasRenewalInfo { get; init; } = true;
}
