using System.Net;
using CertOperator.Pki.Requests;

namespace CertOperator.Audit;

/// <summary>Which hosts a certificate is for, as clients match them (RFC 9525 section 6.3): the subject's common name does not count.</summary>
internal static class HostCoverage
{
    /// <summary>The hosts that no name covers, as written. A wildcard stands for one label, and a host that is one needs the same.</summary>
    public static IReadOnlyList<string> Uncovered(IEnumerable<string> hosts, SubjectNames names)
    {
        var known = names.DnsNames.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. hosts.Distinct(StringComparer.OrdinalIgnoreCase).Where(host => !IsCovered(host))];

        bool IsCovered(string host)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
                return names.IpAddresses.Any(name => IPAddress.TryParse(name, out IPAddress? own) && own.Equals(address));
            int dot = host.IndexOf('.', StringComparison.Ordinal);
            return known.Contains(host) || (dot > 0 && host[0] != '*' && known.Contains($"*{host[dot..]}"));
        }
    }
}
