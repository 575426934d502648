using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>RFC 9773 section 4.1.</summary>
internal static class CertificateIds
{
    public static string Of(X509Certificate2 certificate)
    {
        var authority = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value;
        return $"{Base64Url.EncodeToString(authority.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}";
    }
}
