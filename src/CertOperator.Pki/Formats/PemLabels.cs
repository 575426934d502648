namespace CertOperator.Pki.Formats;

/// <summary>Labels of RFC 7468 and the older key formats.</summary>
internal static class PemLabels
{
    public const string Certificate = "CERTIFICATE";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";
    public const string RsaPrivateKey = "RSA PRIVATE KEY";
    public const string EcPrivateKey = "EC PRIVATE KEY";
    public const string EcParameters = "EC PARAMETERS";
}
