using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>Name servers as users write them: <c>host</c>, <c>host:port</c>, <c>[IPv6]:port</c>.</summary>
internal static class NameServers
{
    private const int MaxServers = 8;

    /// <summary>Where a server is.</summary>
    /// <exception cref="DnsException">It cannot be read, does not resolve, or must not be asked.</exception>
    public static async Task<IPEndPoint> ResolveAsync(string text, EndpointGuard guard, CancellationToken cancel, int usualPort = 53)
    {
        (string host, int port) = Split(text, usualPort);
        return new IPEndPoint((await guard.ResolveAsync(host, cancel))[0], port);
    }

    /// <summary>The servers that settings name, else those of the machine.</summary>
    public static async Task<IReadOnlyList<IPEndPoint>> FindAsync(IReadOnlyList<string>? settings, DnsServices services, CancellationToken cancel)
    {
        var found = new List<IPEndPoint>();
        if (settings is { Count: > 0 })
        {
            foreach (string text in settings.Take(MaxServers))
                found.Add(await ResolveAsync(text, services.Guard, cancel, services.DnsPort));
            return found;
        }

        foreach (NetworkInterface card in NetworkInterface.GetAllNetworkInterfaces())
            found.AddRange(card.GetIPProperties().DnsAddresses.Select(address => new IPEndPoint(address, services.DnsPort)));
        return found.Count > 0 ? [.. found.Distinct().Take(MaxServers)] : throw new DnsException("The operator's pod has no name server: set dns01.nameservers.");
    }

    private static (string Host, int Port) Split(string text, int usualPort)
    {
        if (IPAddress.TryParse(text, out _) && !text.StartsWith('['))
            return (text, usualPort);

        int colon = text.LastIndexOf(':');
        bool hasPort = colon > 0 && !text.EndsWith(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int port = usualPort;
        bool isSound = host.Length is > 0 and <= DnsNames.MaxLength
            && (!host.Contains(':', StringComparison.Ordinal) || IPAddress.TryParse(host, out _))
            && (!hasPort || (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort));
        return isSound ? (host, port) : throw new DnsException($"The name server \"{text}\" cannot be read: write host, host:port or [IPv6]:port.");
    }
}
