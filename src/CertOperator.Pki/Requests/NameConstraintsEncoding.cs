using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>
/// The name constraints extension, RFC 5280 section 4.2.1.10. Subtrees of kinds that <see cref="NameSubtrees"/> does not have are passed over
/// when read.
/// </summary>
internal static class NameConstraintsEncoding
{
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Excluded = new(TagClass.ContextSpecific, 1);

    public static void Write(AsnWriter writer, NameConstraints constraints)
    {
        using var sequence = writer.PushSequence();
        WriteSubtrees(writer, Permitted, constraints.Permitted);
        WriteSubtrees(writer, Excluded, constraints.Excluded);
    }

    public static NameConstraints Read(ReadOnlyMemory<byte> der, bool critical)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        return new NameConstraints
        {
            Critical = critical,
            Permitted = ReadSubtrees(reader, Permitted),
            Excluded = ReadSubtrees(reader, Excluded),
        };
    }

    private static void WriteSubtrees(AsnWriter writer, Asn1Tag tag, NameSubtrees? subtrees)
    {
        if (subtrees is null || subtrees.IsEmpty)
            return;
        using var sequence = writer.PushSequence(tag);
        foreach (var domain in subtrees.DnsDomains)
            WriteSubtree(writer, GeneralNames.Dns, domain);
        foreach (var range in subtrees.IpRanges)
        {
            if (!IpText.TryParseRange(range, out var octets))
                throw new PkiException($"The name constraint's IP range {Quote.Of(range)} is not one: write it as 10.0.0.0/8.");
            using var subtree = writer.PushSequence();
            writer.WriteOctetString(octets, GeneralNames.Ip);
        }
        foreach (var address in subtrees.EmailAddresses)
            WriteSubtree(writer, GeneralNames.Email, address);
        foreach (var domain in subtrees.UriDomains)
            WriteSubtree(writer, GeneralNames.Uri, domain);
    }

    private static void WriteSubtree(AsnWriter writer, Asn1Tag tag, string text)
    {
        using var subtree = writer.PushSequence();
        GeneralNames.WriteText(writer, tag, text);
    }

    private static NameSubtrees? ReadSubtrees(AsnReader reader, Asn1Tag tag)
    {
        if (!reader.HasData || !reader.PeekTag().HasSameClassAndValue(tag))
            return null;
        var domains = new List<string>();
        var ranges = new List<string>();
        var emails = new List<string>();
        var uriDomains = new List<string>();
        var subtrees = reader.ReadSequence(tag);
        while (subtrees.HasData)
        {
            var subtree = subtrees.ReadSequence();
            var kind = subtree.PeekTag();
            if (kind.HasSameClassAndValue(GeneralNames.Dns))
                domains.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, GeneralNames.Dns));
            else if (kind.HasSameClassAndValue(GeneralNames.Email))
                emails.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, GeneralNames.Email));
            else if (kind.HasSameClassAndValue(GeneralNames.Uri))
                uriDomains.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, GeneralNames.Uri));
            else if (kind.HasSameClassAndValue(GeneralNames.Ip))
                ranges.Add(IpText.TryFormatRange(subtree.ReadOctetString(GeneralNames.Ip), out var cidr)
                    ? cidr
                    : throw new PkiException("The name constraints hold an IP range that is not one."));
        }
        return new NameSubtrees(domains, ranges, emails, uriDomains);
    }
}
