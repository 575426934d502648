using System.Formats.Asn1;
using System.Security.Cryptography;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Signing;

/// <summary>Writes and signs a version 3 certificate (RFC 5280 section 4.1).</summary>
internal static class CertificateWriter
{
    private const int SerialBytes = 16;
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    public static IssuedCertificate Write(CertificateContent content, PrivateKey signer)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(VersionTag))
                writer.WriteInteger(2);
            writer.WriteIntegerUnsigned(NewSerial());
            SignedStructure.WriteAlgorithm(writer, signer);
            writer.WriteEncodedValue(content.Issuer.Der.Span);
            using (writer.PushSequence())
            {
                WriteTime(writer, content.NotBefore);
                WriteTime(writer, content.NotAfter);
            }
            writer.WriteEncodedValue(content.Profile.Subject.Der.Span);
            writer.WriteEncodedValue(content.PublicKey.Info.Span);
            using (writer.PushSequence(ExtensionsTag))
            using (writer.PushSequence())
                WriteExtensions(writer, content);
        }
        return IssuedCertificate.Parse(SignedStructure.Sign(writer.Encode(), signer));
    }

    // 128 bits, of which the first is set so that the length never varies; the encoding adds the octet that keeps it positive.
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] |= 0x80;
        return serial;
    }

    // RFC 5280 section 4.1.2.5: UTCTime through 2049, whole seconds.
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        const int lastUtcTimeYear = 2049;
        if (time.UtcDateTime.Year <= lastUtcTimeYear)
            writer.WriteUtcTime(time, lastUtcTimeYear);
        else
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }

    private static void WriteExtensions(AsnWriter writer, CertificateContent content)
    {
        ExtensionWriter.WriteProfile(writer, content.Profile);
        ExtensionWriter.Write(writer, Oids.SubjectKeyIdentifier, critical: false, w => w.WriteOctetString(content.PublicKey.Identifier()));
        ExtensionWriter.Write(writer, Oids.AuthorityKeyIdentifier, critical: false, w => WriteAuthorityKeyId(w, content.IssuerKeyId));
        if (content.Urls.CrlDistributionPoints.Count > 0)
            ExtensionWriter.Write(writer, Oids.CrlDistributionPoints, critical: false, w => WriteCrlUrls(w, content.Urls));
        if (content.Urls.OcspServers.Count + content.Urls.IssuingCertificateUrls.Count > 0)
            ExtensionWriter.Write(writer, Oids.AuthorityInfoAccess, critical: false, w => WriteAccessUrls(w, content.Urls));
    }

    private static void WriteAuthorityKeyId(AsnWriter writer, ReadOnlyMemory<byte> keyId)
    {
        using var sequence = writer.PushSequence();
        writer.WriteOctetString(keyId.Span, new Asn1Tag(TagClass.ContextSpecific, 0));
    }

    /// <summary>RFC 5280 section 4.2.1.13: one DistributionPoint with a fullName for each.</summary>
    private static void WriteCrlUrls(AsnWriter writer, IssuingUrls urls)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        using var points = writer.PushSequence();
        foreach (var url in urls.CrlDistributionPoints)
        {
            using var point = writer.PushSequence();
            using var pointName = writer.PushSequence(tag);
            using var fullName = writer.PushSequence(tag);
            GeneralNames.WriteText(writer, GeneralNames.Uri, url);
        }
    }

    private static void WriteAccessUrls(AsnWriter writer, IssuingUrls urls)
    {
        using var descriptions = writer.PushSequence();
        foreach (var (method, url) in urls.OcspServers.Select(url => (Oids.Ocsp, url))
            .Concat(urls.IssuingCertificateUrls.Select(url => (Oids.CaIssuers, url))))
        {
            using var description = writer.PushSequence();
            writer.WriteObjectIdentifier(method);
            GeneralNames.WriteText(writer, GeneralNames.Uri, url);
        }
    }
}
