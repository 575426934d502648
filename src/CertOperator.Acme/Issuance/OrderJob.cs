using CertOperator.Acme.Certificates;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>What an order is for. The same for every step of it.</summary>
/// <param name="Identifiers">The names of the certificate.</param>
/// <param name="SigningRequest">
/// PKCS#10 in DER with exactly these names, asked for when the CA is ready to issue and again when the certificate is checked. Its key
/// must be stored before it is given, be the same each time, and not be the account's.
/// </param>
/// <param name="ChallengeTypes">The types that can be answered for a name, the preferred one first.</param>
public sealed record OrderJob(
    IReadOnlyList<Identifier> Identifiers,
    Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> SigningRequest,
    Func<Identifier, IReadOnlyList<string>> ChallengeTypes)
{
    /// <summary>The certificate profile; null for the CA's choice.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether to fail, rather than take the CA's choice, if the profile is not to be had.</summary>
    public bool IsProfileRequired { get; init; } = true;

    /// <summary>
    /// The certificate in use now, for the CA's priorities (RFC 9773 section 5). Only if the same account of the same CA ordered it and a
    /// name is shared.
    /// </summary>
    public string? Replaces { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public ChainPreference? Chain { get; init; }

    /// <summary>How long the CA may take to validate a name before the order is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);
}
