using System.Net;

namespace CertOperator.Acme.Orders;

/// <summary>Something that a certificate can be for (RFC 8555 section 9.7.7, RFC 8738).</summary>
/// <param name="Type"><see cref="DnsType"/>, <see cref="IpType"/>, or what the CA calls another kind.</param>
/// <param name="Value">A DNS name in lower case, perhaps with a leading "*.", or an address in its canonical text (RFC 5952).</param>
public sealed record Identifier(string Type, string Value)
{
    public const string DnsType = "dns";
    public const string IpType = "ip";

    private const string WildcardPrefix = "*.";

    public bool IsWildcard => Type == DnsType && Value.StartsWith(WildcardPrefix, StringComparison.Ordinal);

    /// <summary>The name without "*.", as an authorization writes it (section 7.1.4).</summary>
    public Identifier WithoutWildcard => IsWildcard ? new Identifier(Type, Value[WildcardPrefix.Length..]) : this;

    /// <summary>A DNS name in its canonical form; <see cref="IdentifierRules"/> tells whether it can be asked for.</summary>
    public static Identifier Dns(string name) => new(DnsType, name.ToLowerInvariant());

    public static Identifier Ip(IPAddress address) => new(IpType, address.ToString());

    /// <summary>The same identifier in canonical form, so that two spellings compare equal.</summary>
    public Identifier Canonical() => Type switch
    {
        DnsType => Dns(Value),
        IpType when IPAddress.TryParse(Value, out var address) => Ip(address),
        _ => this,
    };

    public override string ToString() => Value;
}
