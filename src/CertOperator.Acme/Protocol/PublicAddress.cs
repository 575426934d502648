using System.Net;
using System.Net.Sockets;

namespace CertOperator.Acme.Protocol;

/// <summary>Which addresses belong to the public internet (IANA special-purpose registries, RFC 6890).</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only 2000::/3 is public, and within it these are not; 2001::/23 holds Teredo, which embeds IPv4 addresses.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether it is of the public internet; an IPv6 address that embeds an IPv4 address is what that is.</summary>
    public static bool Is(IPAddress address)
    {
        IPAddress inner = Innermost(address);
        return inner.AddressFamily == AddressFamily.InterNetwork
            ? !Special.Any(network => network.Contains(inner))
            : GlobalUnicast.Contains(inner) && !SpecialV6.Any(network => network.Contains(inner));
    }

    /// <summary>The IPv4 address that an IPv6 address leads to: mapped, or by NAT64 or 6to4. The address itself if there is none.</summary>
    public static IPAddress Innermost(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (Nat64.Contains(address)) return Embedded(address, 12);
        return SixToFour.Contains(address) ? Embedded(address, 2) : address;
    }

    private static IPAddress Embedded(IPAddress address, int at) => new(address.GetAddressBytes().AsSpan(at, 4));
}
