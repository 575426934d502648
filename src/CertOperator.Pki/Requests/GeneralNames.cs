using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace CertOperator.Pki.Requests;

/// <summary>GeneralNames, RFC 5280 section 4.2.1.6. Kinds that <see cref="SubjectNames"/> does not have are passed over when read.</summary>
internal static class GeneralNames
{
    public static readonly Asn1Tag Other = new(TagClass.ContextSpecific, 0);
    public static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    public static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    public static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    public static readonly Asn1Tag Ip = new(TagClass.ContextSpecific, 7);

    private const int MaxNames = 1000;

    /// <exception cref="PkiException">A name cannot be encoded; it names the name.</exception>
    public static void Write(AsnWriter writer, SubjectNames names)
    {
        using var sequence = writer.PushSequence();
        foreach (var name in names.DnsNames)
            WriteText(writer, Dns, name);
        foreach (var address in names.IpAddresses)
            writer.WriteOctetString(AddressOctets(address), Ip);
        foreach (var uri in names.Uris)
            WriteText(writer, Uri, uri);
        foreach (var email in names.EmailAddresses)
            WriteText(writer, Email, email);
        foreach (var other in names.OtherNames)
            WriteOther(writer, other);
    }

    /// <exception cref="PkiException">The text is not ASCII.</exception>
    public static void WriteText(AsnWriter writer, Asn1Tag tag, string text)
    {
        if (!text.All(char.IsAscii))
            throw new PkiException($"The name {Quote.Of(text)} cannot be put into a certificate: it is not ASCII.");
        writer.WriteCharacterString(UniversalTagNumber.IA5String, text, tag);
    }

    public static SubjectNames Read(ReadOnlyMemory<byte> der)
    {
        var dnsNames = new List<string>();
        var ipAddresses = new List<string>();
        var uris = new List<string>();
        var emailAddresses = new List<string>();
        var otherNames = new List<OtherName>();
        var whole = new AsnReader(der, AsnEncodingRules.DER);
        var reader = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        for (var count = 0; reader.HasData; count++)
        {
            if (count == MaxNames)
                throw new PkiException($"The certificate holds more than {MaxNames} names.");
            var tag = reader.PeekTag();
            if (tag.HasSameClassAndValue(Dns))
                dnsNames.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
            else if (tag.HasSameClassAndValue(Ip))
                ipAddresses.Add(AddressText(reader.ReadOctetString(Ip)));
            else if (tag.HasSameClassAndValue(Uri))
                uris.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
            else if (tag.HasSameClassAndValue(Email))
                emailAddresses.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, Email));
            else if (tag.HasSameClassAndValue(Other))
                otherNames.Add(ReadOther(reader.ReadSequence(Other)));
            else
                reader.ReadEncodedValue();
        }
        return new SubjectNames(dnsNames, ipAddresses, uris, emailAddresses, otherNames);
    }

    private static byte[] AddressOctets(string address) => IpText.TryParse(address, out var parsed)
        ? parsed.GetAddressBytes()
        : throw new PkiException($"The IP address {Quote.Of(address)} is not one.");

    private static string AddressText(byte[] octets) => octets.Length is 4 or 16
        ? new IPAddress(octets).ToString()
        : throw new PkiException($"The certificate holds an IP address of {octets.Length} octets: it must have 4 or 16.");

    private static void WriteOther(AsnWriter writer, OtherName other)
    {
        if (!ObjectIdentifier.IsValid(other.Oid))
            throw new PkiException($"The other name's OID {Quote.Of(other.Oid)} is not one.");
        using var name = writer.PushSequence(Other);
        writer.WriteObjectIdentifier(other.Oid);
        using var value = writer.PushSequence(Other);
        try
        {
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, other.Value);
        }
        catch (EncoderFallbackException broken)
        {
            throw new PkiException($"The other name of type {other.Oid} is not valid Unicode.", broken);
        }
    }

    private static OtherName ReadOther(AsnReader name)
    {
        var oid = name.ReadObjectIdentifier();
        var value = name.ReadSequence(Other);
        // Other types of value cannot be asked for here; they show as RFC 4514 shows what has no string form.
        return value.PeekTag().HasSameClassAndValue(new Asn1Tag(UniversalTagNumber.UTF8String))
            ? new OtherName(oid, value.ReadCharacterString(UniversalTagNumber.UTF8String))
            : new OtherName(oid, '#' + Convert.ToHexString(value.ReadEncodedValue().Span));
    }
}
