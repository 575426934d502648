using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CertOperator.Pki.Keys;

/// <summary>
/// What a SubjectPublicKeyInfo says: its algorithm (null where it is none of ours), its size in bits, and the key's own octets.
/// </summary>
internal sealed class PublicKey
{
    private const int MaxRsaSize = 16384;

    // Importing checks that the point is on the curve, which costs more than verifying does, and a CA's key is asked often. Whoever verifies
    // holds it alone; the handle in it ends with the last reference.
    private ECDsa? _imported;

    private PublicKey(KeyAlgorithm? algorithm, int size, ReadOnlyMemory<byte> info, ReadOnlyMemory<byte> bits)
        => (Algorithm, Size, Info, Bits) = (algorithm, size, info, bits);

    public KeyAlgorithm? Algorithm { get; }

    public int Size { get; }

    public ReadOnlyMemory<byte> Info { get; }

    public ReadOnlyMemory<byte> Bits { get; }

    /// <exception cref="PkiException">It is not DER of RFC 5280 section 4.1.2.7.</exception>
    public static PublicKey Parse(ReadOnlyMemory<byte> info)
    {
        try
        {
            var whole = new AsnReader(info, AsnEncodingRules.DER);
            var reader = whole.ReadSequence();
            whole.ThrowIfNotEmpty();
            var algorithm = reader.ReadSequence();
            var oid = algorithm.ReadObjectIdentifier();
            if (!reader.TryReadPrimitiveBitString(out _, out var bits))
                throw new PkiException("The public key cannot be read: its bits are not a primitive BIT STRING.");
            reader.ThrowIfNotEmpty();
            var (kind, size) = oid switch
            {
                Oids.Rsa => (KeyAlgorithm.Rsa, ModulusBits(bits)),
                Oids.EcPublicKey => (KeyAlgorithm.Ecdsa, CurveBits(algorithm)),
                Oids.Ed25519 => (KeyAlgorithm.Ed25519, 256),
                _ => (default(KeyAlgorithm?), 0),
            };
            return new PublicKey(size == 0 ? null : kind, size, info, bits);
        }
        catch (AsnContentException malformed)
        {
            throw new PkiException("The public key cannot be read: it is not valid DER.", malformed);
        }
    }

    /// <summary>RFC 7093 section 2, method 1: the leftmost 160 bits of the SHA-256 of the key's bits.</summary>
    public byte[] Identifier() => SHA256.HashData(Bits.Span)[..20];

    /// <summary>False also where the key or the algorithm is not one that can be verified.</summary>
    public bool Verifies(SignatureAlgorithm signature, ReadOnlySpan<byte> data, ReadOnlySpan<byte> value)
    {
        if (signature.Key != Algorithm || Algorithm is null)
            return false;
        try
        {
            return Algorithm switch
            {
                KeyAlgorithm.Rsa => VerifiesRsa(signature, data, value),
                KeyAlgorithm.Ecdsa => VerifiesEcdsa(signature, data, value),
                _ => VerifiesEd25519(data, value),
            };
        }
        catch (CryptographicException)
        {
            // The key decodes but is no key (a point off the curve, an even modulus): nothing it is said to have signed holds.
            return false;
        }
    }

    private bool VerifiesRsa(SignatureAlgorithm signature, ReadOnlySpan<byte> data, ReadOnlySpan<byte> value)
    {
        if (Size > MaxRsaSize)
            return false;
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Info.Span, out _);
        return rsa.VerifyData(data, value, signature.Hash, signature.IsPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private bool VerifiesEcdsa(SignatureAlgorithm signature, ReadOnlySpan<byte> data, ReadOnlySpan<byte> value)
    {
        var ecdsa = Interlocked.Exchange(ref _imported, null) ?? ImportEcdsa();
        try
        {
            return ecdsa.VerifyData(data, value, signature.Hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _imported, ecdsa, null) is not null)
                ecdsa.Dispose();
        }
    }

    private ECDsa ImportEcdsa()
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(Info.Span, out _);
            return ecdsa;
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    private bool VerifiesEd25519(ReadOnlySpan<byte> data, ReadOnlySpan<byte> value) =>
        Bits.Length == Ed25519.PublicKeySize
        && value.Length == Ed25519.SignatureSize
        && Ed25519.Verify(value.ToArray(), 0, Bits.ToArray(), 0, data.ToArray(), 0, data.Length);

    private static int ModulusBits(ReadOnlyMemory<byte> bits)
    {
        var modulus = new AsnReader(bits, AsnEncodingRules.DER).ReadSequence().ReadInteger();
        return modulus.Sign > 0 ? checked((int)modulus.GetBitLength()) : 0;
    }

    private static int CurveBits(AsnReader parameters)
    {
        // Explicit parameters (RFC 5480 forbids them) describe a curve of anyone's choice: never accepted.
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
            return 0;
        return parameters.ReadObjectIdentifier() switch
        {
            Oids.Secp256R1 => 256,
            Oids.Secp384R1 => 384,
            Oids.Secp521R1 => 521,
            _ => 0,
        };
    }
}
