namespace CertOperator.Issuers.Acme;

/// <summary>
/// The ACME servers of well-known public CAs. They forget no account: one that they do not know is of another of their environments, or was
/// ended there, and a new one in its place has other limits and is not in the domains' CAA records (RFC 8657).
/// </summary>
internal static class PublicServers
{
    /// <summary>Of a name at Let's Encrypt, without a wildcard's asterisk.</summary>
    private const int MostLabels = 10;

    /// <summary>Top-level domains that are set aside (RFC 6761, 6762 and ICANN's .internal).</summary>
    private static readonly HashSet<string> Internal = ["example", "internal", "invalid", "local", "localhost", "test"];

    private static readonly string[] Domains =
    [
        "acme-v02.api.letsencrypt.org", "acme-v02.api.pki.goog", "acme.zerossl.com", "sectigo.com", "acme.ssl.com", "digicert.com", "actalis.com", "actalis.it",
        "globalsign.com", "harica.gr", "certum.pl", "amazontrust.com",
    ];

    /// <param name="server">URL of a directory.</param>
    public static bool Contains(string server)
        => Uri.TryCreate(server, UriKind.Absolute, out Uri? url)
            && Domains.Any(domain => url.Host == domain || url.Host.EndsWith($".{domain}", StringComparison.Ordinal));

    /// <summary>Why no public CA signs for a DNS name, one sentence; null if one may, and for servers that are not known as public.</summary>
    public static string? NameProblem(string server, string name)
    {
        bool isLetsEncrypt = Uri.TryCreate(server, UriKind.Absolute, out Uri? url) && url.Host.EndsWith(".api.letsencrypt.org", StringComparison.Ordinal);
        if (!isLetsEncrypt && !Contains(server))
            return null;
        string[] labels = (name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name).Split('.');
        if (labels.Length < 2)
            return $"The DNS name \"{name}\" has no dot, and public CAs sign for no internal names: use its full name, or another issuer.";
        if (Internal.Contains(labels[^1]))
            return $"The DNS name \"{name}\" ends with {labels[^1]}, which is no public domain, and public CAs sign for no internal names: use another issuer for it.";
        return isLetsEncrypt && labels.Length > MostLabels ? $"The DNS name \"{name}\" has {labels.Length} labels: Let's Encrypt takes {MostLabels} at most." : null;
    }
}
