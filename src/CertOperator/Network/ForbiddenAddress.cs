using System.Net;
using CertOperator.Acme.Protocol;

namespace CertOperator.Network;

/// <summary>
/// Where nobody may send the operator by what they write into an object. A cluster's own network is allowed, for what users name is
/// often there; the node's metadata service and the operator's own pod are not, for they trust whoever can reach them.
/// </summary>
internal static class ForbiddenAddress
{
    /// <param name="address">Where to connect; one that embeds an IPv4 address is what that is.</param>
    /// <param name="allowLoopback">For the operator on a developer's machine, and for tests.</param>
    public static bool Is(IPAddress address, bool allowLoopback)
    {
        address = PublicAddress.Innermost(address);
        return IPAddress.IsLoopback(address)
            ? !allowLoopback
            : IsLinkLocal(address) || IsMetadata(address) || IsUnspecified(address) || IsMulticast(address);
    }

    private static bool IsLinkLocal(IPAddress address) => address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _];

    /// <summary>Metadata services outside of the link-local networks: Amazon's and Google's over IPv6, Azure's, Alibaba's, Oracle's.</summary>
    private static bool IsMetadata(IPAddress address)
        => address.GetAddressBytes() is [0xFD, 0x00, 0x0E, 0xC2, ..] or [0xFD, 0x20, 0x00, 0xCE, ..] or [168, 63, 129, 16] or [100, 100, 100, 200] or [192, 0, 0, 192];

    private static bool IsUnspecified(IPAddress address) => address.Equals(IPAddress.IPv6Any) || address.GetAddressBytes() is [0, _, _, _];

    private static bool IsMulticast(IPAddress address) => address.IsIPv6Multicast || address.GetAddressBytes() is [>= 224, _, _, _];
}
