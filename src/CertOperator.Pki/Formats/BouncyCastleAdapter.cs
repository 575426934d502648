using System.Security.Cryptography;
using CertOperator.Pki.Keys;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace CertOperator.Pki.Formats;

/// <summary>Our types as BouncyCastle's key stores want them.</summary>
internal static class BouncyCastleAdapter
{
    public static BcCertificate ToBouncyCastle(this IssuedCertificate certificate) => new(certificate.Der.ToArray());

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
