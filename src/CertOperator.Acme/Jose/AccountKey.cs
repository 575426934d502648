using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Acme.Jose;

/// <summary>The key of an account. Derive from it to sign with a key that lives elsewhere. Thread-safe.</summary>
public abstract class AccountKey
{
    private readonly Lazy<string> _thumbprint;

    protected AccountKey() => _thumbprint = new Lazy<string>(() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(PublicJwk))));

    /// <summary>The JWS algorithm: ES256, ES384, ES512 or RS256.</summary>
    public abstract string Algorithm { get; }

    /// <summary>The public key as a JWK in the canonical form of RFC 7638 section 3: required members only, sorted, no blanks.</summary>
    public abstract string PublicJwk { get; }

    /// <summary>The public key as SubjectPublicKeyInfo in DER.</summary>
    public abstract ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <summary>SHA-256 of <see cref="PublicJwk"/> in base64url (RFC 7638): public, the second half of every key authorization.</summary>
    public string Thumbprint => _thumbprint.Value;

    /// <summary>The signature as JWS wants it: for ECDSA the two numbers in fixed width (RFC 7518 section 3.4).</summary>
    public abstract ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);
}
