using System.Formats.Asn1;
using System.Text;

namespace CertOperator.Pki.Requests;

/// <summary>One attribute of a distinguished name: its type, its value in DER, and the text of that value if it is a character string.</summary>
internal sealed record NameAttribute(string Oid, ReadOnlyMemory<byte> Value, string? Text)
{
    /// <exception cref="PkiException">The value does not fit the attribute.</exception>
    public static NameAttribute Of(string oid, string text)
    {
        RefuseNul(oid, text);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        try
        {
            writer.WriteCharacterString(NameAttributes.StringTypeFor(oid, text), text);
        }
        catch (EncoderFallbackException broken)
        {
            throw new PkiException($"The subject's {NameAttributes.NameOf(oid)} is not valid Unicode.", broken);
        }
        return new NameAttribute(oid, writer.Encode(), text);
    }

    public static NameAttribute Read(AsnReader attribute)
    {
        var oid = attribute.ReadObjectIdentifier();
        var value = attribute.ReadEncodedValue();
        attribute.ThrowIfNotEmpty();
        return new NameAttribute(oid, value, TextOf(value));
    }

    /// <summary>Null where the octets are not exactly one DER value.</summary>
    /// <exception cref="PkiException">The value does not fit the attribute.</exception>
    public static NameAttribute? FromDer(string oid, byte[] value)
    {
        if (!AsnDecoder.TryReadEncodedValue(value, AsnEncodingRules.DER, out _, out _, out _, out var read) || read != value.Length)
            return null;
        var attribute = new NameAttribute(oid, value, TextOf(value));
        RefuseNul(oid, attribute.Text);
        return attribute;
    }

    public void Write(AsnWriter writer)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(Oid);
        writer.WriteEncodedValue(Value.Span);
    }

    /// <summary>RFC 5280 section 7.1: case and runs of spaces do not count, nor does the string type.</summary>
    public string Canonical()
    {
        var value = Text is null
            ? '#' + Convert.ToHexString(Value.Span)
            : string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        return $"{Oid}={value.Length}:{value}";
    }

    // Some clients read no further than it.
    private static void RefuseNul(string oid, string? text)
    {
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
            throw new PkiException($"The subject's {NameAttributes.NameOf(oid)} holds a NUL character.");
    }

    // Old CAs wrote strings outside their declared alphabet; such a value is kept as octets and still compares exactly.
    private static string? TextOf(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.Universal)
            return null;
        var type = (UniversalTagNumber)tag.TagValue;
        if (type is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
            or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString or UniversalTagNumber.BMPString
            or UniversalTagNumber.T61String))
            return null;
        try
        {
            return reader.ReadCharacterString(type);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
