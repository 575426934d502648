using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Challenges;

/// <summary>
/// What a TLS server must answer on port 443 (RFC 8737): to a handshake that offers <see cref="Protocol"/> and names
/// <see cref="ServerName"/>, and to no other, this certificate; then it closes.
/// </summary>
public static class TlsAlpn01
{
    /// <summary>The only ALPN protocol under which the certificate may be shown.</summary>
    public const string Protocol = "acme-tls/1";

    private const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The self-signed certificate with its key. The caller disposes of it.</summary>
    /// <exception cref="ArgumentException">The token is none, or the identifier is a wildcard, which this challenge cannot validate.</exception>
    public static X509Certificate2 Certificate(Identifier identifier, string token, string thumbprint, DateTimeOffset now)
    {
        if (identifier.IsWildcard) throw new ArgumentException("A wildcard cannot be validated by tls-alpn-01.", nameof(identifier));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=acme-tls-alpn-01", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (identifier.Type == Identifier.IpType) names.AddIpAddress(IPAddress.Parse(identifier.Value));
        else names.AddDnsName(identifier.Value);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifier, Digest(token, thumbprint), critical: true));
        return request.CreateSelfSigned(now - Skew, now + Lifetime);
    }

    /// <summary>The name that the CA's handshake carries: for an address its reverse name (RFC 8738 section 6).</summary>
    public static string ServerName(Identifier identifier)
        => identifier.Type == Identifier.IpType ? ReverseName(IPAddress.Parse(identifier.Value)) : identifier.Value;

    private static byte[] Digest(string token, string thumbprint)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(KeyAuthorization.Digest(token, thumbprint));
        return writer.Encode();
    }

    private static string ReverseName(IPAddress address)
    {
        var octets = address.GetAddressBytes();
        Array.Reverse(octets);
        return octets.Length == 4
            ? $"{string.Join('.', octets)}.in-addr.arpa"
            : $"{string.Join('.', octets.SelectMany(octet => new[] { octet & 15, octet >> 4 }).Select(half => half.ToString("x", System.Globalization.CultureInfo.InvariantCulture)))}.ip6.arpa";
    }
}
