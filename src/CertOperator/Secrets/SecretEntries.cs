namespace CertOperator.Secrets;

/// <summary>Keys of the data of a TLS Secret.</summary>
internal static class SecretEntries
{
    public const string Certificate = "tls.crt";
    public const string PrivateKey = "tls.key";
    public const string Ca = "ca.crt";
    public const string KeyDer = "key.der";
    public const string CombinedPem = "tls-combined.pem";
    public const string JksKeystore = "keystore.jks";
    public const string JksTruststore = "truststore.jks";
    public const string Pkcs12Keystore = "keystore.p12";
    public const string Pkcs12Truststore = "truststore.p12";
}
