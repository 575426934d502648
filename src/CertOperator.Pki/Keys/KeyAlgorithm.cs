namespace CertOperator.Pki.Keys;

public enum KeyAlgorithm
{
    Rsa,
    Ecdsa,
    Ed25519,
}
