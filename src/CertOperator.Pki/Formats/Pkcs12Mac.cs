using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace CertOperator.Pki.Formats;

/// <summary>BouncyCastle writes the integrity code of a store with SHA-1 only.</summary>
internal static class Pkcs12Mac
{
    private const int Iterations = 2048;
    private const int SaltBytes = 16;

    /// <summary>The same store with an HMAC-SHA-256 in place of its own code (RFC 7292 section 4 and appendix B).</summary>
    public static byte[] WithSha256(byte[] store, string password)
    {
        var content = Pfx.GetInstance(store).AuthSafe;
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var generator = new Pkcs12ParametersGenerator(new Sha256Digest());
        generator.Init(PbeParametersGenerator.Pkcs12PasswordToBytes(password.ToCharArray()), salt, Iterations);
        var key = ((KeyParameter)generator.GenerateDerivedMacParameters(SHA256.HashSizeInBits)).GetKey();
        var code = HMACSHA256.HashData(key, Asn1OctetString.GetInstance(content.Content).GetOctets());
        var digest = new DigestInfo(new AlgorithmIdentifier(NistObjectIdentifiers.IdSha256, DerNull.Instance), code);
        return new Pfx(content, new MacData(digest, salt, Iterations)).GetDerEncoded();
    }
}
