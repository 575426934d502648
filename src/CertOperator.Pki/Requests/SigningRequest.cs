using System.Formats.Asn1;
using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Requests;

/// <summary>Certification requests: PKCS#10, RFC 2986.</summary>
public static class SigningRequest
{
    private const int MaxBytes = 64 * 1024;
    private static readonly Asn1Tag Attributes = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <returns>The request in DER, signed by <paramref name="key"/>.</returns>
    /// <exception cref="PkiException">The profile contradicts itself, or holds a name or usage that cannot be encoded.</exception>
    public static byte[] Create(CertificateProfile profile, PrivateKey key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(profile.Subject.Der.Span);
            writer.WriteEncodedValue(key.PublicKeyInfo);
            using (writer.PushSetOf(Attributes))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.ExtensionRequest);
                using (writer.PushSetOf())
                using (writer.PushSequence())
                    ExtensionWriter.WriteProfile(writer, profile);
            }
        }
        return SignedStructure.Sign(writer.Encode(), key);
    }

    /// <exception cref="PkiException">It is not a request, or its signature is not by its own key.</exception>
    public static ParsedRequest Parse(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxBytes)
            throw new PkiException($"The certificate request is {der.Length} bytes long: more than {MaxBytes} bytes are not read.");
        try
        {
            return Read(SignedStructure.Read(der));
        }
        catch (AsnContentException malformed)
        {
            throw new PkiException("The certificate request is not valid DER of PKCS#10.", malformed);
        }
    }

    private static ParsedRequest Read(SignedStructure request)
    {
        var info = new AsnReader(request.Content, AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        var subject = DistinguishedName.FromDer(info.ReadEncodedValue());
        var key = PublicKey.Parse(info.ReadEncodedValue());
        if (!request.IsSignedBy(key))
            throw new PkiException("The certificate request is not signed by the key that it holds.");
        var extensions = ReadExtensions(info);
        return new ParsedRequest
        {
            Subject = subject,
            PublicKeyInfo = key.Info,
            KeyAlgorithm = key.Algorithm,
            KeySize = key.Size,
            Names = extensions.Names,
            KeyUsages = extensions.KeyUsages ?? KeyUsages.None,
            ExtendedKeyUsages = extensions.ExtendedKeyUsages,
            IsCa = extensions.IsCa,
            PathLength = extensions.PathLength,
            NameConstraints = extensions.NameConstraints,
        };
    }

    private static CertificateExtensions ReadExtensions(AsnReader info)
    {
        var attributes = info.ReadSetOf(Attributes);
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() == Oids.ExtensionRequest)
                return CertificateExtensions.Read(attribute.ReadSetOf());
        }
        return CertificateExtensions.None;
    }
}
