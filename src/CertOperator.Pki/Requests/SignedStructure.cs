using System.Formats.Asn1;
using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Requests;

/// <summary>SEQUENCE { content, AlgorithmIdentifier, BIT STRING }: the shape of certificates and of requests.</summary>
internal sealed record SignedStructure(ReadOnlyMemory<byte> Content, SignatureAlgorithm Algorithm, ReadOnlyMemory<byte> Signature)
{
    public static byte[] Sign(byte[] content, PrivateKey key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            WriteAlgorithm(writer, key);
            writer.WriteBitString(key.Sign(content));
        }
        return writer.Encode();
    }

    public static void WriteAlgorithm(AsnWriter writer, PrivateKey key)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(key.SignatureOid);
        if (key.SignatureHasNullParameters)
            writer.WriteNull();
    }

    public static SignedStructure Read(ReadOnlyMemory<byte> der)
    {
        var whole = new AsnReader(der, AsnEncodingRules.DER);
        var reader = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        var content = reader.ReadEncodedValue();
        var algorithm = SignatureAlgorithm.Parse(reader.ReadSequence());
        if (!reader.TryReadPrimitiveBitString(out _, out var signature))
            throw new AsnContentException();
        reader.ThrowIfNotEmpty();
        return new SignedStructure(content, algorithm, signature);
    }

    public bool IsSignedBy(PublicKey key) => key.Verifies(Algorithm, Content.Span, Signature.Span);
}
