using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Accounts;

/// <summary>Who asks: what every signed request needs.</summary>
/// <param name="Url">The account's address, which is its name; kept exactly as the server gave it.</param>
/// <param name="Key">Its key.</param>
public sealed record AcmeAccount(Uri Url, AccountKey Key);
