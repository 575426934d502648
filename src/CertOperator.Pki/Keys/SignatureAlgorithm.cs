using System.Formats.Asn1;
using System.Security.Cryptography;

namespace CertOperator.Pki.Keys;

/// <summary>A signature's AlgorithmIdentifier; <see cref="Key"/> is null where it is not one that can be verified.</summary>
internal sealed record SignatureAlgorithm(string Oid, KeyAlgorithm? Key, HashAlgorithmName Hash, bool IsPss, bool IsWeak)
{
    public static SignatureAlgorithm Parse(AsnReader identifier)
    {
        var oid = identifier.ReadObjectIdentifier();
        return oid switch
        {
            Oids.Md2WithRsa or Oids.Md5WithRsa => new(oid, null, default, false, IsWeak: true),
            Oids.Sha1WithRsa => Known(oid, KeyAlgorithm.Rsa, HashAlgorithmName.SHA1),
            Oids.Sha256WithRsa => Known(oid, KeyAlgorithm.Rsa, HashAlgorithmName.SHA256),
            Oids.Sha384WithRsa => Known(oid, KeyAlgorithm.Rsa, HashAlgorithmName.SHA384),
            Oids.Sha512WithRsa => Known(oid, KeyAlgorithm.Rsa, HashAlgorithmName.SHA512),
            Oids.Sha1WithEcdsa => Known(oid, KeyAlgorithm.Ecdsa, HashAlgorithmName.SHA1),
            Oids.Sha256WithEcdsa => Known(oid, KeyAlgorithm.Ecdsa, HashAlgorithmName.SHA256),
            Oids.Sha384WithEcdsa => Known(oid, KeyAlgorithm.Ecdsa, HashAlgorithmName.SHA384),
            Oids.Sha512WithEcdsa => Known(oid, KeyAlgorithm.Ecdsa, HashAlgorithmName.SHA512),
            Oids.Ed25519 => Known(oid, KeyAlgorithm.Ed25519, HashAlgorithmName.SHA512),
            Oids.RsaPss => ParsePss(identifier),
            _ => new(oid, null, default, false, false),
        };
    }

    private static SignatureAlgorithm Known(string oid, KeyAlgorithm key, HashAlgorithmName hash) =>
        new(oid, key, hash, IsPss: false, IsWeak: hash == HashAlgorithmName.SHA1);

    /// <summary>RFC 4055 section 3.1; without parameters the hash is SHA-1.</summary>
    private static SignatureAlgorithm ParsePss(AsnReader identifier)
    {
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var parameters = identifier.HasData ? identifier.ReadSequence() : null;
        var hash = parameters is { HasData: true } && parameters.PeekTag().HasSameClassAndValue(hashTag)
            ? parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier()
            : Oids.Sha1;
        return hash switch
        {
            Oids.Sha1 => new(Oids.RsaPss, KeyAlgorithm.Rsa, HashAlgorithmName.SHA1, IsPss: true, IsWeak: true),
            Oids.Sha256 => new(Oids.RsaPss, KeyAlgorithm.Rsa, HashAlgorithmName.SHA256, IsPss: true, IsWeak: false),
            Oids.Sha384 => new(Oids.RsaPss, KeyAlgorithm.Rsa, HashAlgorithmName.SHA384, IsPss: true, IsWeak: false),
            Oids.Sha512 => new(Oids.RsaPss, KeyAlgorithm.Rsa, HashAlgorithmName.SHA512, IsPss: true, IsWeak: false),
            _ => new(Oids.RsaPss, null, default, IsPss: true, IsWeak: false),
        };
    }
}
