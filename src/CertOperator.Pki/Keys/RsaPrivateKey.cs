using System.Security.Cryptography;
using CertOperator.Pki.Formats;

namespace CertOperator.Pki.Keys;

internal sealed class RsaPrivateKey : PrivateKey
{
    private const int MinSize = 2048;
    private const int MaxSize = 8192;

    // Smaller keys than may be made are still read, so that what uses one can be named and replaced.
    private const int MinReadSize = 1024;

    private readonly RSA _rsa;

    private RsaPrivateKey(RSA rsa) : base(KeyAlgorithm.Rsa, rsa.KeySize, rsa.ExportSubjectPublicKeyInfo()) => _rsa = rsa;

    internal override string SignatureOid => Oids.Sha256WithRsa;

    internal override bool SignatureHasNullParameters => true;

    private protected override string TraditionalLabel => PemLabels.RsaPrivateKey;

    public static RsaPrivateKey Generate(int size)
    {
        if (size is < MinSize or > MaxSize || size % 8 != 0)
            throw new PkiException($"An RSA key of {size} bits cannot be made: the size must be from {MinSize} to {MaxSize} bits.");
        return new RsaPrivateKey(RSA.Create(size));
    }

    public static RsaPrivateKey ReadPkcs1(byte[] der) => Import(rsa =>
    {
        rsa.ImportRSAPrivateKey(der, out var read);
        return read == der.Length;
    });

    public static RsaPrivateKey ReadPkcs8(byte[] der) => Import(rsa =>
    {
        rsa.ImportPkcs8PrivateKey(der, out var read);
        return read == der.Length;
    });

    public override byte[] ToPkcs8() => _rsa.ExportPkcs8PrivateKey();

    public override void Dispose() => _rsa.Dispose();

    private protected override byte[] SignCore(byte[] data) => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private protected override byte[] ToTraditional() => _rsa.ExportRSAPrivateKey();

    private static RsaPrivateKey Import(Func<RSA, bool> readsWholly)
    {
        var rsa = RSA.Create();
        try
        {
            if (!readsWholly(rsa))
                throw new PkiException("The RSA private key is followed by data that does not belong to it.");
            if (rsa.KeySize is < MinReadSize or > MaxSize)
                throw new PkiException($"The RSA private key has {rsa.KeySize} bits: use {MinSize} to {MaxSize} bits.");
            return new RsaPrivateKey(rsa);
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
