using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CertOperator.Acme.Certificates;

/// <summary>Reads the format application/pem-certificate-chain strictly (RFC 8555 section 9.1).</summary>
internal static class PemChain
{
    private const string Label = "CERTIFICATE";

    /// <summary>The certificates in DER, each of which can be parsed; or why there are none.</summary>
    public static (IReadOnlyList<ReadOnlyMemory<byte>>? Certificates, string Problem) Read(ReadOnlySpan<byte> body, int max)
    {
        if (!Ascii.IsValid(body)) return (null, "it is not PEM");
        var rest = Encoding.ASCII.GetString(body).AsSpan();
        var read = new List<ReadOnlyMemory<byte>>();
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (!rest[block.Label].SequenceEqual(Label)) return (null, "it holds something that is not a certificate");
            if (read.Count == max) return (null, $"it holds more than {max} certificates");
            var der = new byte[block.DecodedDataLength];
            _ = Convert.TryFromBase64Chars(rest[block.Base64Data], der, out _);
            if (!IsCertificate(der)) return (null, "one of its certificates cannot be parsed");
            read.Add(der);
            rest = rest[block.Location.End..];
        }
        if (rest.Contains("-----BEGIN", StringComparison.Ordinal)) return (null, "one of its certificates is malformed");
        return read.Count == 0 ? (null, "it holds no certificate") : (read, "");
    }

    public static bool IsCertificate(ReadOnlySpan<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return certificate.RawDataMemory.Length == der.Length;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
