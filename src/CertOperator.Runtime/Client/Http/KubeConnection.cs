using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Runtime.Client.Http;

/// <summary>The settings of one connection. A class, not a record: its text must not show the credentials.</summary>
internal sealed class KubeConnection
{
    /// <summary>Scheme, host, port and, behind some gateways, a path.</summary>
    public required Uri Server { get; init; }

    /// <summary>The name that the server's certificate must carry if not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The only roots that are trusted; null for those of the system.</summary>
    public X509Certificate2Collection? Trust { get; init; }

    public bool SkipTlsVerify { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    public string? Token { get; init; }

    /// <summary>A file with the bearer token, replaced from time to time by the kubelet; wins over <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>User and password as <c>user:password</c>.</summary>
    public string? Basic { get; init; }

    /// <summary>Namespace of the context or pod.</summary>
    public string? Namespace { get; init; }
}
