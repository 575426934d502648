using System.Net;
using System.Net.Sockets;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>
/// Where a user's settings may send the operator. A cluster's own network is allowed, for DNS servers live there; the node's
/// metadata service and the operator's own pod are not, for they trust whoever can reach them.
/// </summary>
/// <param name="allowLoopback">For the operator on a developer's machine.</param>
internal sealed class EndpointGuard(bool allowLoopback)
{
    /// <exception cref="DnsException">It must not be connected to.</exception>
    public void Check(IPAddress address, string host)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        bool forbidden = IPAddress.IsLoopback(address)
            ? !allowLoopback
            : IsLinkLocal(address) || IsMetadata(address) || IsUnspecified(address) || IsMulticast(address);
        if (forbidden)
            throw new DnsException($"{host} has the address {address}, which an issuer must not lead to: name a server of the network.");
    }

    /// <summary>The addresses of a host that may be connected to, IPv4 first.</summary>
    /// <exception cref="DnsException">It does not resolve, or must not be connected to.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await System.Net.Dns.GetHostAddressesAsync(host, cancel);
            foreach (IPAddress address in addresses)
                Check(address, host);
            return addresses.Length > 0
                ? [.. addresses.OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork)]
                : throw new DnsException($"{host} has no address: correct the name.");
        }
        catch (SocketException)
        {
            throw new DnsException($"The name {host} does not resolve: correct it, or mend the cluster's DNS.");
        }
    }

    private static bool IsLinkLocal(IPAddress address) => address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _];

    /// <summary>Metadata services outside of the link-local networks: Amazon's over IPv6, Azure's, Alibaba's, Oracle's.</summary>
    private static bool IsMetadata(IPAddress address)
        => address.GetAddressBytes() is [0xFD, 0x00, 0x0E, 0xC2, ..] or [168, 63, 129, 16] or [100, 100, 100, 200] or [192, 0, 0, 192];

    private static bool IsUnspecified(IPAddress address) => address.Equals(IPAddress.IPv6Any) || address.GetAddressBytes() is [0, _, _, _];

    private static bool IsMulticast(IPAddress address) => address.IsIPv6Multicast || address.GetAddressBytes() is [>= 224, _, _, _];
}
