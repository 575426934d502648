namespace CertOperator.Challenges.Dns;

/// <summary>
/// Where TXT records are kept. Both methods may be repeated, leave the other values of the name alone, and return once the
/// provider has taken the change, which the name servers may show later. At most one call a record name at a time.
/// </summary>
internal interface IDnsProvider
{
    /// <summary>Sees to it that the value is among those at the name.</summary>
    /// <exception cref="Wire.DnsException">Refused or failed.</exception>
    Task AddAsync(TxtRecord record, CancellationToken cancel);

    /// <summary>Sees to it that the value is not among those at the name.</summary>
    /// <exception cref="Wire.DnsException">Refused or failed.</exception>
    Task RemoveAsync(TxtRecord record, CancellationToken cancel);
}

/// <summary>One value at a name. Names are in lower case, without the dot at the end.</summary>
/// <param name="Name">Where it is written: <c>_acme-challenge.example.com</c>, or where that is delegated to.</param>
/// <param name="Zone">The zone of the name.</param>
/// <param name="Value">The text, as RFC 8555, 8.4 makes it.</param>
/// <param name="Domain">The domain that is being validated, without a wildcard.</param>
internal sealed record TxtRecord(string Name, string Zone, string Value, string Domain)
{
    /// <summary>Seconds that resolvers may keep it: short, for the next challenge has another value.</summary>
    public const int Ttl = 60;

    /// <summary>The name within the zone; empty at the apex.</summary>
    public string Relative => Wire.DnsNames.Relative(Name, Zone);
}
