using System.Buffers.Text;
using System.Security.Cryptography;

namespace CertOperator.Acme.Jose;

/// <summary>An account key in this process's memory.</summary>
public sealed class LocalAccountKey : AccountKey, IDisposable
{
    private const int MaxPem = 16 * 1024;

    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;
    private readonly Lock _lock = new();

    private LocalAccountKey(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false);
        (Algorithm, var curve, _hash) = point.Curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => ("ES256", "P-256", HashAlgorithmName.SHA256),
            "1.3.132.0.34" => ("ES384", "P-384", HashAlgorithmName.SHA384),
            "1.3.132.0.35" => ("ES512", "P-521", HashAlgorithmName.SHA512),
            _ => throw new ArgumentException("The elliptic curve of an account key is P-256, P-384 or P-521.", nameof(key)),
        };
        PublicJwk = $$"""{"crv":"{{curve}}","kty":"EC","x":"{{Base64Url.EncodeToString(point.Q.X)}}","y":"{{Base64Url.EncodeToString(point.Q.Y)}}"}""";
        PublicKeyInfo = key.ExportSubjectPublicKeyInfo();
        _key = key;
    }

    private LocalAccountKey(RSA key)
    {
        if (key.KeySize is < 2048 or > 4096)
            throw new ArgumentException($"An RSA key of {key.KeySize} bits is not supported for account keys: use 2048 to 4096.", nameof(key));
        var numbers = key.ExportParameters(includePrivateParameters: false);
        Algorithm = "RS256";
        _hash = HashAlgorithmName.SHA256;
        PublicJwk = $$"""{"e":"{{Base64Url.EncodeToString(numbers.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}"}""";
        PublicKeyInfo = key.ExportSubjectPublicKeyInfo();
        _key = key;
    }

    public override string Algorithm { get; }

    public override string PublicJwk { get; }

    public override ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <summary>A new key.</summary>
    /// <param name="algorithm">ES256 (P-256), ES384, ES512 or RS256 (2048 bits).</param>
    public static LocalAccountKey Generate(string algorithm = "ES256") => algorithm switch
    {
        "ES256" => new LocalAccountKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        "ES384" => new LocalAccountKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        "ES512" => new LocalAccountKey(ECDsa.Create(ECCurve.NamedCurves.nistP521)),
        "RS256" => new LocalAccountKey(RSA.Create(2048)),
        _ => throw new ArgumentException("The algorithm of an account key is ES256, ES384, ES512 or RS256.", nameof(algorithm)),
    };

    /// <summary>A key from PEM: PKCS#8, SEC1 or PKCS#1, not encrypted.</summary>
    /// <exception cref="ArgumentException">It holds no such key. The message holds nothing of it.</exception>
    public static LocalAccountKey FromPem(string pem)
    {
        if (pem.Length > MaxPem) throw new ArgumentException("The account key is too long to be one.", nameof(pem));
        if (Import(ECDsa.Create(), pem) is { } ecdsa) return new LocalAccountKey(ecdsa);
        return Import(RSA.Create(), pem) is { } rsa
            ? new LocalAccountKey(rsa)
            : throw new ArgumentException("There is no ECDSA or RSA private key in PEM without a password.", nameof(pem));
    }

    /// <summary>The private key as PKCS#8 in PEM.</summary>
    public string ToPem()
    {
        lock (_lock) return _key.ExportPkcs8PrivateKeyPem();
    }

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        // The platform promises nothing about one key used by two threads.
        lock (_lock)
        {
            return new ValueTask<byte[]>(_key is ECDsa ecdsa
                ? ecdsa.SignData(data.Span, _hash)
                : ((RSA)_key).SignData(data.Span, _hash, RSASignaturePadding.Pkcs1));
        }
    }

    public void Dispose() => _key.Dispose();

    private static TKey? Import<TKey>(TKey key, string pem)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            key.ImportFromPem(pem);
            _ = key.ExportPkcs8PrivateKey(); // A public key imports as well, and fails here.
            return key;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }
}
