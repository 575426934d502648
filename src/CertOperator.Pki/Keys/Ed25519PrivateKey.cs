using System.Formats.Asn1;
using CertOperator.Pki.Formats;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Org.BouncyCastle.Security;

namespace CertOperator.Pki.Keys;

/// <summary>RFC 8032, encoded as RFC 8410 says. The BCL has no Ed25519.</summary>
internal sealed class Ed25519PrivateKey : PrivateKey
{
    private readonly Ed25519PrivateKeyParameters _key;

    private Ed25519PrivateKey(Ed25519PrivateKeyParameters key)
        : base(KeyAlgorithm.Ed25519, 256, EncodePublicKey(key.GeneratePublicKey().GetEncoded())) => _key = key;

    internal override string SignatureOid => Oids.Ed25519;

    private protected override string TraditionalLabel => PemLabels.PrivateKey;

    public static Ed25519PrivateKey Generate() => new(new Ed25519PrivateKeyParameters(new SecureRandom()));

    public static Ed25519PrivateKey ReadPkcs8(byte[] der)
    {
        var whole = new AsnReader(der, AsnEncodingRules.DER);
        var info = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        info.ReadInteger();
        info.ReadSequence();
        var seed = new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
        return new Ed25519PrivateKey(new Ed25519PrivateKeyParameters(seed));
    }

    public override byte[] ToPkcs8()
    {
        var seed = new AsnWriter(AsnEncodingRules.DER);
        seed.WriteOctetString(_key.GetEncoded());
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
                writer.WriteObjectIdentifier(Oids.Ed25519);
            writer.WriteOctetString(seed.Encode());
        }
        return writer.Encode();
    }

    public override void Dispose()
    {
        // Held in managed memory only: nothing to release.
    }

    private protected override byte[] SignCore(byte[] data)
    {
        var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
        _key.Sign(Ed25519.Algorithm.Ed25519, null, data, 0, data.Length, signature, 0);
        return signature;
    }

    private protected override byte[] ToTraditional() => ToPkcs8();

    private static byte[] EncodePublicKey(byte[] publicKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
                writer.WriteObjectIdentifier(Oids.Ed25519);
            writer.WriteBitString(publicKey);
        }
        return writer.Encode();
    }
}
