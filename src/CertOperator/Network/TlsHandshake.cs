using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Pki.Formats;

namespace CertOperator.Network;

/// <summary>
/// One TLS handshake for a name. What the server sends is kept and not judged; nothing is fetched that it does not send, it is
/// shown no certificate, and not a byte of any other protocol is spoken.
/// </summary>
internal sealed class TlsHandshake
{
    /// <summary>More than any chain needs, and less than hurts.</summary>
    private const int MostBytes = 256 * 1024;

    private readonly string _name;

    private TlsHandshake(string name) => _name = name;

    /// <summary>In DER, the leaf first.</summary>
    public IReadOnlyList<byte[]> Certificates { get; private set; } = [];

    /// <summary>Whether the leaf is for the name that was asked for.</summary>
    public bool MatchesName { get; private set; }

    /// <summary>The version; null if the server broke off after its certificate, as one does that wants a client's.</summary>
    public string? Protocol { get; private set; }

    /// <param name="target">Where to connect.</param>
    /// <param name="name">What to ask for.</param>
    /// <param name="deadline">For connection and handshake together.</param>
    /// <exception cref="System.Net.Sockets.SocketException">There is no connection.</exception>
    /// <exception cref="AuthenticationException">The handshake was refused.</exception>
    /// <exception cref="IOException">The handshake was broken off.</exception>
    public static async Task<TlsHandshake> RunAsync(EndPoint target, string name, CancellationToken deadline)
    {
        var handshake = new TlsHandshake(name);
        await using var stream = new SslStream(await BoundedConnection.OpenAsync(target, MostBytes, deadline));
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    RemoteCertificateValidationCallback = (_, leaf, chain, _) => handshake.Keep(leaf, chain),
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        DisableCertificateDownloads = true,
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
                deadline);
            handshake.Protocol = stream.SslProtocol switch
            {
                SslProtocols.Tls13 => "TLS 1.3",
                SslProtocols.Tls12 => "TLS 1.2",
                var other => other.ToString(),
            };
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException && handshake.Certificates.Count > 0)
        {
            // What the server serves is known, and that is all that was asked.
        }

        return handshake;
    }

    private bool Keep(X509Certificate? leaf, X509Chain? chain)
    {
        if (leaf is not X509Certificate2 served)
            return false;
        byte[] first = served.RawData;
        IEnumerable<byte[]> others = (chain?.ChainPolicy.ExtraStore ?? []).Select(certificate => certificate.RawData);
        Certificates = [.. others.Where(other => !other.AsSpan().SequenceEqual(first)).Prepend(first).Take(Pem.MaxCertificates)];
        MatchesName = Uri.CheckHostName(_name) != UriHostNameType.Unknown && served.MatchesHostname(_name, allowWildcards: true, allowCommonName: false);
        return true;
    }
}
