using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Certificates;

/// <summary>What matters of a signing request or a certificate: its names and its public key.</summary>
/// <param name="Names">The DNS names and addresses among its alternative names, in canonical form.</param>
/// <param name="PublicKeyInfo">SubjectPublicKeyInfo in DER.</param>
internal sealed record SigningRequestFacts(IReadOnlySet<Identifier> Names, ReadOnlyMemory<byte> PublicKeyInfo)
{
    private const string SubjectAltName = "2.5.29.17";

    /// <summary>The facts of a PKCS#10 request in DER; null if it is none.</summary>
    public static SigningRequestFacts? Read(ReadOnlySpan<byte> request)
    {
        try
        {
            // Nothing is issued by it: the names are only compared, and the CA checks the signature.
            const CertificateRequestLoadOptions Options = CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions | CertificateRequestLoadOptions.SkipSignatureValidation;
            var parsed = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256, out _, Options);
            return new SigningRequestFacts(NamesOf(parsed.CertificateExtensions), parsed.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <exception cref="CryptographicException">Its alternative names are malformed.</exception>
    public static SigningRequestFacts Read(X509Certificate2 certificate)
        => new(NamesOf(certificate.Extensions), certificate.PublicKey.ExportSubjectPublicKeyInfo());

    private static HashSet<Identifier> NamesOf(IEnumerable<X509Extension> extensions)
    {
        var names = new HashSet<Identifier>();
        foreach (var extension in extensions.Where(extension => extension.Oid?.Value == SubjectAltName))
        {
            var alternatives = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
            foreach (var name in alternatives.EnumerateDnsNames()) names.Add(Identifier.Dns(name));
            foreach (IPAddress address in alternatives.EnumerateIPAddresses()) names.Add(Identifier.Ip(address));
        }
        return names;
    }
}
