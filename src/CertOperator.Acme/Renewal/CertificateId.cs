using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Renewal;

/// <summary>How a CA is asked about one of its certificates: authority key identifier and serial number (RFC 9773 section 4.1).</summary>
public sealed record CertificateId
{
    private const int MaxText = 256;

    private readonly string _text;

    private CertificateId(string text) => _text = text;

    /// <summary>The identifier of a certificate in DER; none if it cannot be parsed or names no authority key.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> certificate, [NotNullWhen(true)] out CertificateId? id)
    {
        id = null;
        try
        {
            using var parsed = X509CertificateLoader.LoadCertificate(certificate);
            if (parsed.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is not { } authority) return false;
            // Big-endian and with the leading zero that DER adds: exactly the octets that are wanted.
            id = new CertificateId($"{Base64Url.EncodeToString(authority.Span)}.{Base64Url.EncodeToString(parsed.SerialNumberBytes.Span)}");
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CertificateId? id)
    {
        var isOne = text.Length <= MaxText && text.Split('.') is [{ Length: > 0 } authority, { Length: > 0 } serial] && Base64Url.IsValid(authority) && Base64Url.IsValid(serial);
        id = isOne ? new CertificateId(text) : null;
        return isOne;
    }

    public override string ToString() => _text;
}
