using System.Security.Cryptography;
using CertOperator.Pki.Formats;

namespace CertOperator.Pki.Keys;

/// <summary>P-256, P-384 or P-521; signs with the hash of the curve's strength.</summary>
internal sealed class EcdsaPrivateKey : PrivateKey
{
    private readonly ECDsa _ecdsa;

    private EcdsaPrivateKey(ECDsa ecdsa, byte[] publicKeyInfo, int size)
        : base(KeyAlgorithm.Ecdsa, size, publicKeyInfo) => _ecdsa = ecdsa;

    internal override string SignatureOid => Size switch
    {
        256 => Oids.Sha256WithEcdsa,
        384 => Oids.Sha384WithEcdsa,
        _ => Oids.Sha512WithEcdsa,
    };

    private protected override string TraditionalLabel => PemLabels.EcPrivateKey;

    private HashAlgorithmName Hash => Size switch
    {
        256 => HashAlgorithmName.SHA256,
        384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    public static EcdsaPrivateKey Generate(int size) => Own(ECDsa.Create(size switch
    {
        256 => ECCurve.NamedCurves.nistP256,
        384 => ECCurve.NamedCurves.nistP384,
        521 => ECCurve.NamedCurves.nistP521,
        _ => throw new PkiException($"An ECDSA key of {size} bits cannot be made: the size must be 256, 384 or 521."),
    }));

    public static EcdsaPrivateKey ReadSec1(byte[] der) => Import(ecdsa =>
    {
        ecdsa.ImportECPrivateKey(der, out var read);
        return read == der.Length;
    });

    public static EcdsaPrivateKey ReadPkcs8(byte[] der) => Import(ecdsa =>
    {
        ecdsa.ImportPkcs8PrivateKey(der, out var read);
        return read == der.Length;
    });

    public override byte[] ToPkcs8() => _ecdsa.ExportPkcs8PrivateKey();

    public override void Dispose() => _ecdsa.Dispose();

    private protected override byte[] SignCore(byte[] data) => _ecdsa.SignData(data, Hash, DSASignatureFormat.Rfc3279DerSequence);

    private protected override byte[] ToTraditional() => _ecdsa.ExportECPrivateKey();

    private static EcdsaPrivateKey Import(Func<ECDsa, bool> readsWholly)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            if (!readsWholly(ecdsa))
                throw new PkiException("The ECDSA private key is followed by data that does not belong to it.");
            return Own(ecdsa);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    private static EcdsaPrivateKey Own(ECDsa ecdsa)
    {
        var publicKeyInfo = ecdsa.ExportSubjectPublicKeyInfo();
        var publicKey = PublicKey.Parse(publicKeyInfo);
        return publicKey.Algorithm == KeyAlgorithm.Ecdsa
            ? new EcdsaPrivateKey(ecdsa, publicKeyInfo, publicKey.Size)
            : throw new PkiException("The ECDSA private key is on a curve that is not supported: use P-256, P-384 or P-521.");
    }
}
