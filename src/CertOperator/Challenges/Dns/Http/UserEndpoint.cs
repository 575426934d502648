using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>URLs that users write into settings.</summary>
internal static class UserEndpoint
{
    /// <summary>A path below the URL of a server.</summary>
    /// <exception cref="DnsException">It is no http or https URL of a server; a query would let it call something else.</exception>
    public static Uri Append(string server, string field, string path)
    {
        string full = server.Contains("://", StringComparison.Ordinal) ? server : $"https://{server}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            throw new DnsException($"dns01.{field} is no URL of a server: write it as https://dns.example.com.");
        }

        return new Uri($"{url.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}
