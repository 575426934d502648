using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>What the extensions of a certificate or a request say (RFC 5280 section 4.2).</summary>
internal sealed record CertificateExtensions
{
    private const int MaxExtensions = 64;

    /// <summary><see cref="Oids.CaIssuers"/> in DER.</summary>
    private static ReadOnlySpan<byte> CaIssuers => [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];

    public static CertificateExtensions None { get; } = new();

    public SubjectNames Names { get; private set; } = SubjectNames.Empty;

    public bool IsCa { get; private set; }

    public int? PathLength { get; private set; }

    /// <summary>Null where the extension is absent: every usage is then allowed.</summary>
    public KeyUsages? KeyUsages { get; private set; }

    public IReadOnlyList<string> ExtendedKeyUsages { get; private set; } = [];

    public ReadOnlyMemory<byte>? SubjectKeyId { get; private set; }

    public ReadOnlyMemory<byte>? AuthorityKeyId { get; private set; }

    public NameConstraints? NameConstraints { get; private set; }

    /// <summary>Whether it says where its issuer's certificate can be had (RFC 5280 section 4.2.2.1).</summary>
    public bool NamesIssuerSource { get; private set; }

    /// <summary>OIDs of critical extensions that nothing here understands.</summary>
    public IReadOnlyList<string> UnknownCritical { get; private set; } = [];

    /// <param name="reader">Stands at the SEQUENCE OF Extension.</param>
    public static CertificateExtensions Read(AsnReader reader)
    {
        var extensions = new CertificateExtensions();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sequence = reader.ReadSequence();
        while (sequence.HasData)
        {
            var extension = sequence.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (!extension.TryReadPrimitiveOctetString(out var value))
                throw new PkiException($"The extension {oid} is not a primitive OCTET STRING.");
            extension.ThrowIfNotEmpty();
            if (!seen.Add(oid) || seen.Count > MaxExtensions)
                throw new PkiException($"The extension {oid} is there twice, or there are more than {MaxExtensions} extensions.");
            extensions.Take(oid, critical, value);
        }
        return extensions;
    }

    private void Take(string oid, bool critical, ReadOnlyMemory<byte> value)
    {
        switch (oid)
        {
            case Oids.SubjectAltName:
                Names = GeneralNames.Read(value);
                break;
            case Oids.BasicConstraints:
                ReadBasicConstraints(new AsnReader(value, AsnEncodingRules.DER).ReadSequence());
                break;
            case Oids.KeyUsage:
                KeyUsages = new AsnReader(value, AsnEncodingRules.DER).ReadNamedBitListValue<KeyUsages>();
                break;
            case Oids.ExtendedKeyUsage:
                ExtendedKeyUsages = ReadOids(new AsnReader(value, AsnEncodingRules.DER).ReadSequence());
                break;
            case Oids.SubjectKeyIdentifier:
                SubjectKeyId = new AsnReader(value, AsnEncodingRules.DER).ReadOctetString();
                break;
            case Oids.AuthorityKeyIdentifier:
                ReadAuthorityKeyId(new AsnReader(value, AsnEncodingRules.DER).ReadSequence());
                break;
            case Oids.NameConstraints:
                NameConstraints = NameConstraintsEncoding.Read(value, critical);
                break;
            case Oids.AuthorityInfoAccess:
                // Nothing relies on its content, so what is malformed there is no reason to refuse the certificate.
                NamesIssuerSource = value.Span.IndexOf(CaIssuers) >= 0;
                break;
            case Oids.CertificatePolicies or Oids.CrlDistributionPoints:
                break;
            default:
                if (critical)
                    UnknownCritical = [.. UnknownCritical, oid];
                break;
        }
    }

    private void ReadBasicConstraints(AsnReader reader)
    {
        if (!reader.HasData)
            return;
        IsCa = reader.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && reader.ReadBoolean();
        if (!reader.HasData)
            return;
        // A longer path than this cannot be: it means "any".
        PathLength = reader.TryReadInt32(out var length) ? length : int.MaxValue;
        if (PathLength < 0)
            throw new PkiException("The path length of the basic constraints is negative.");
    }

    private void ReadAuthorityKeyId(AsnReader reader)
    {
        var keyIdentifier = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (reader.HasData && reader.PeekTag().HasSameClassAndValue(keyIdentifier))
            AuthorityKeyId = reader.ReadOctetString(keyIdentifier);
    }

    private static List<string> ReadOids(AsnReader reader)
    {
        var oids = new List<string>();
        while (reader.HasData)
            oids.Add(reader.ReadObjectIdentifier());
        return oids;
    }
}
