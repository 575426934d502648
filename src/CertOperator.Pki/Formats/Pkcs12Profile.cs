namespace CertOperator.Pki.Formats;

/// <summary>How a PKCS#12 store is encrypted, as cert-manager names the choices.</summary>
public enum Pkcs12Profile
{
    /// <summary>RC2-40 for certificates, triple DES for the key, HMAC-SHA-1: only for software that reads nothing else.</summary>
    LegacyRC2,

    /// <summary>Triple DES, HMAC-SHA-1.</summary>
    LegacyDES,

    /// <summary>PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, HMAC-SHA-256.</summary>
    Modern2023,
}
