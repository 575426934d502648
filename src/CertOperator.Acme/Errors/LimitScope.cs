namespace CertOperator.Acme.Errors;

/// <summary>What a rate limit counts, as far as the link to its explanation tells: who else must wait.</summary>
public enum LimitScope
{
    /// <summary>No rate limit.</summary>
    None,

    /// <summary>Unknown: hold back this certificate only.</summary>
    Unknown,

    /// <summary>Orders or registrations of the whole account or address: hold back every new order.</summary>
    Account,

    /// <summary>The names of this request: others may go on.</summary>
    Identifiers,
}
