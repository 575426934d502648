using System.Net;
using System.Net.Sockets;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Network;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>Where a user's settings may send the operator.</summary>
/// <param name="allowLoopback">For the operator on a developer's machine.</param>
internal sealed class EndpointGuard(bool allowLoopback)
{
    /// <exception cref="DnsException">It must not be connected to.</exception>
    public void Check(IPAddress address, string host)
    {
        if (ForbiddenAddress.Is(address, allowLoopback))
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
}
