using System.Formats.Asn1;
using System.Security.Cryptography;
using CertOperator.Pki.Formats;

namespace CertOperator.Pki.Keys;

/// <summary>A private key with its public half. It may sign on several threads. No message or string form shows the private part.</summary>
public abstract class PrivateKey : IDisposable
{
    private const int MaxPemBytes = 64 * 1024;

    // The platform's keys promise nothing for use on several threads at once.
    private readonly Lock _signing = new();

    private protected PrivateKey(KeyAlgorithm algorithm, int size, byte[] publicKeyInfo)
    {
        Algorithm = algorithm;
        Size = size;
        PublicKeyInfo = publicKeyInfo;
    }

    public KeyAlgorithm Algorithm { get; }

    /// <summary>Bits of the modulus or the curve; 256 for Ed25519.</summary>
    public int Size { get; }

    /// <summary>SubjectPublicKeyInfo, DER (RFC 5280 section 4.1.2.7).</summary>
    public byte[] PublicKeyInfo { get; }

    /// <summary>The signature AlgorithmIdentifier's OID; <see cref="SignatureHasNullParameters"/> gives the rest of it.</summary>
    internal abstract string SignatureOid { get; }

    internal virtual bool SignatureHasNullParameters => false;

    private protected abstract string TraditionalLabel { get; }

    /// <param name="algorithm">The kind of key.</param>
    /// <param name="size">RSA 2048 to 8192 bits, ECDSA 256, 384 or 521; not looked at for Ed25519.</param>
    /// <exception cref="PkiException">The size does not fit the algorithm.</exception>
    public static PrivateKey Generate(KeyAlgorithm algorithm, int size) => algorithm switch
    {
        KeyAlgorithm.Rsa => RsaPrivateKey.Generate(size),
        KeyAlgorithm.Ecdsa => EcdsaPrivateKey.Generate(size),
        KeyAlgorithm.Ed25519 => Ed25519PrivateKey.Generate(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Reads exactly one key: PKCS#1, SEC1 or PKCS#8, not encrypted.</summary>
    /// <exception cref="PkiException">There is no such key, more than one, or one that cannot be used.</exception>
    public static PrivateKey ReadPem(ReadOnlySpan<byte> pem)
    {
        var blocks = PemReader.Read(pem, MaxPemBytes, "private key");
        try
        {
            // openssl ecparam writes the curve in a block of its own before the key.
            var keys = blocks.Where(block => block.Label != PemLabels.EcParameters).ToList();
            return keys.Count switch
            {
                0 => throw new PkiException("The private key is missing: the data holds no PEM block."),
                1 => Read(keys[0]),
                _ => throw new PkiException($"The data holds {keys.Count} PEM blocks where one private key was expected."),
            };
        }
        finally
        {
            foreach (var block in blocks)
                CryptographicOperations.ZeroMemory(block.Data);
        }
    }

    public byte[] ToPem(KeyEncoding encoding)
    {
        var traditional = encoding == KeyEncoding.Pkcs1;
        var der = traditional ? ToTraditional() : ToPkcs8();
        try
        {
            return PemWriter.Write(traditional ? TraditionalLabel : PemLabels.PrivateKey, der);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    /// <summary>PrivateKeyInfo, DER (RFC 5958).</summary>
    public abstract byte[] ToPkcs8();

    public abstract void Dispose();

    internal byte[] Sign(byte[] data)
    {
        lock (_signing)
            return SignCore(data);
    }

    private protected abstract byte[] SignCore(byte[] data);

    private protected abstract byte[] ToTraditional();

    /// <exception cref="PkiException">It is no key that can be used.</exception>
    internal static PrivateKey Read(PemBlock block)
    {
        try
        {
            return block.Label switch
            {
                PemLabels.RsaPrivateKey => RsaPrivateKey.ReadPkcs1(block.Data),
                PemLabels.EcPrivateKey => EcdsaPrivateKey.ReadSec1(block.Data),
                PemLabels.PrivateKey => ReadPkcs8(block.Data),
                PemLabels.EncryptedPrivateKey => throw new PkiException("The private key is encrypted with a password: store it unencrypted."),
                PemLabels.Certificate => throw new PkiException("The data holds a certificate where a private key was expected."),
                _ => throw new PkiException("The data holds a PEM block of another kind where a private key was expected."),
            };
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or AsnContentException or ArgumentException)
        {
            // The cause is left out: messages of decoders may quote what they read.
            throw new PkiException("The private key cannot be read: it is damaged or its parts do not fit each other.");
        }
    }

    private static PrivateKey ReadPkcs8(byte[] der)
    {
        var info = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        info.ReadInteger();
        var algorithm = info.ReadSequence().ReadObjectIdentifier();
        return algorithm switch
        {
            Oids.Rsa => RsaPrivateKey.ReadPkcs8(der),
            Oids.EcPublicKey => EcdsaPrivateKey.ReadPkcs8(der),
            Oids.Ed25519 => Ed25519PrivateKey.ReadPkcs8(der),
            _ => throw new PkiException($"The private key's algorithm {algorithm} is not supported: use RSA, ECDSA or Ed25519."),
        };
    }
}
