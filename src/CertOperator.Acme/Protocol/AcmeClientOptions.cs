using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Protocol;

/// <summary>How a client behaves towards its server.</summary>
public sealed record AcmeClientOptions
{
    /// <summary>Product and version of the caller, in front of this library's own.</summary>
    public string? UserAgent { get; init; }

    /// <summary>In which language the server may explain itself.</summary>
    public string AcceptLanguage { get; init; } = "en";

    /// <summary>The only roots that the server's TLS certificate may lead to; null for those of the system.</summary>
    public X509Certificate2Collection? Trust { get; init; }

    /// <summary>Whether the server's TLS certificate is verified at all. Off only for test servers.</summary>
    public bool VerifiesServer { get; init; } = true;

    /// <summary>
    /// Refuses servers with an address that is private, link-local or otherwise not of the public internet: for directory URLs that a tenant
    /// chose. Checked at every connection, after DNS. Proxies are not used then, because they resolve names themselves.
    /// </summary>
    public bool RefusePrivateAddresses { get; init; }

    /// <summary>Takes http: URLs too. Only for tests: RFC 8555 section 6.1 wants HTTPS.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Time for one HTTP request, its body included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A call tries again by itself only while it has taken less than this; afterwards it fails with a time to come back at.</summary>
    public TimeSpan MaxInlineWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a request is sent before a refused nonce fails it.</summary>
    public int BadNonceTries { get; init; } = 8;

    /// <summary>Requests under way at once.</summary>
    public int MaxConcurrentRequests { get; init; } = 16;

    /// <summary>Replaces the HTTP stack, <see cref="Trust"/>, <see cref="VerifiesServer"/> and <see cref="RefusePrivateAddresses"/> included; disposed with the client.</summary>
    public HttpMessageHandler? Handler { get; init; }
}
