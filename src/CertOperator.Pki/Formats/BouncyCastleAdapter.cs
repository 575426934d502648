using System.Security.Cryptography;
using CertOperator.Pki.Keys;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Security.Certificates;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace CertOperator.Pki.Formats;

/// <summary>Our types as BouncyCastle's key stores want them.</summary>
internal static class BouncyCastleAdapter
{
    /// <exception cref="PkiException">BouncyCastle is stricter than what was read: the issuer has no name, for one.</exception>
    public static BcCertificate ToBouncyCastle(this IssuedCertificate certificate)
    {
        try
        {
            return new BcCertificate(certificate.Der.ToArray());
        }
        catch (Exception refused) when (refused is ArgumentException or CertificateException)
        {
            throw new PkiException($"The certificate {certificate} fits into no keystore: {refused.Message}.", refused);
        }
    }

    public static AsymmetricKeyParameter ToBouncyCastle(this PrivateKey key)
    {
        var der = key.ToPkcs8();
        try
        {
            return PrivateKeyFactory.CreateKey(der);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }
}
