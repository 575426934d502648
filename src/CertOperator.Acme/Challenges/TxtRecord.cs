namespace CertOperator.Acme.Challenges;

/// <summary>
/// One value of a TXT record set. Others may stand beside it under the same name, so add and remove the value, and never replace the set:
/// a name and its wildcard are validated by two values at once.
/// </summary>
/// <param name="Name">In lower case, without a dot at the end. If it is a CNAME, the value belongs at its target.</param>
/// <param name="Value">The text; more than 255 octets are to be split into strings of 255.</param>
public sealed record TxtRecord(string Name, string Value)
{
    private const int MaxString = 255;

    /// <summary>The value in the strings that a record is made of (RFC 1035 section 3.3.14).</summary>
    public IReadOnlyList<string> Strings() => [.. Value.Chunk(MaxString).Select(piece => new string(piece))];
}
