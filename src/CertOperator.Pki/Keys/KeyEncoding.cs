namespace CertOperator.Pki.Keys;

public enum KeyEncoding
{
    /// <summary>The algorithm's own format: PKCS#1 (RFC 8017) for RSA, SEC1 (RFC 5915) for ECDSA; Ed25519 has only PKCS#8.</summary>
    Pkcs1,

    /// <summary>PKCS#8, RFC 5958.</summary>
    Pkcs8,
}
