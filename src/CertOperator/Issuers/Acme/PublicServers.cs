namespace CertOperator.Issuers.Acme;

/// <summary>
/// The ACME servers of well-known public CAs. They forget no account: one that they do not know is of another of their environments, or was
/// ended there, and a new one in its place has other limits and is not in the domains' CAA records (RFC 8657).
/// </summary>
internal static class PublicServers
{
    private static readonly string[] Domains =
    [
        "acme-v02.api.letsencrypt.org", "acme-v02.api.pki.goog", "acme.zerossl.com", "sectigo.com", "acme.ssl.com", "digicert.com", "actalis.com", "actalis.it",
        "globalsign.com", "harica.gr", "certum.pl", "amazontrust.com",
    ];

    /// <param name="server">URL of a directory.</param>
    public static bool Contains(string server)
        => Uri.TryCreate(server, UriKind.Absolute, out Uri? url)
            && Domains.Any(domain => url.Host == domain || url.Host.EndsWith($".{domain}", StringComparison.Ordinal));
}
