namespace CertOperator.Acme.Accounts;

/// <summary>What a CA tells of an account (RFC 8555 section 7.1.2); some tell nothing but its address.</summary>
/// <param name="Account">Who it is.</param>
/// <param name="Status">Whether it may be used.</param>
public sealed record AccountResource(AcmeAccount Account, AccountStatus Status)
{
    /// <summary>Whether this call made it.</summary>
    public bool IsNew { get; init; }

    /// <summary>As far as the CA shows them.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Where its orders are listed; null if the CA lists none.</summary>
    public Uri? Orders { get; init; }
}
