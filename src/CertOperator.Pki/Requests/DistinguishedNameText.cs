using System.Text;

namespace CertOperator.Pki.Requests;

/// <summary>The string form of RFC 4514: relative names most specific first, so the reverse of their order in DER.</summary>
internal static class DistinguishedNameText
{
    private const string Special = "\"+,;<>\\=#";

    public static List<List<NameAttribute>> Parse(string text)
    {
        const int maxLength = 4096;
        if (text.Length > maxLength)
            throw new PkiException($"The subject is {text.Length} characters long: more than {maxLength} are not read.");
        var rdns = new List<List<NameAttribute>>();
        if (string.IsNullOrWhiteSpace(text))
            return rdns;
        var position = 0;
        while (true)
        {
            var rdn = new List<NameAttribute>();
            do
                rdn.Add(ParseAttribute(text, ref position));
            while (Take(text, '+', ref position));
            rdns.Insert(0, rdn);
            if (position == text.Length)
                return rdns;
            if (!Take(text, ',', ref position))
                throw Malformed(text, position, "expected a comma or a plus sign");
        }
    }

    public static string Format(List<List<NameAttribute>> rdns) =>
        string.Join(',', rdns.AsEnumerable().Reverse().Select(rdn => string.Join('+', rdn.Select(Format))));

    private static string Format(NameAttribute attribute) =>
        attribute.Text is null || !NameAttributes.HasName(attribute.Oid)
            ? $"{attribute.Oid}=#{Convert.ToHexString(attribute.Value.Span)}"
            : $"{NameAttributes.NameOf(attribute.Oid)}={Escape(attribute.Text)}";

    private static string Escape(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsControl(c))
            {
                foreach (var octet in Encoding.UTF8.GetBytes([c]))
                    text.Append('\\').Append(octet.ToString("X2", null));
                continue;
            }
            if (Special.Contains(c, StringComparison.Ordinal) || c == ' ' && (i == 0 || i == value.Length - 1))
                text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }

    private static NameAttribute ParseAttribute(string text, ref int position)
    {
        var equals = text.IndexOf('=', position);
        if (equals < 0)
            throw Malformed(text, position, "expected an attribute such as CN=name");
        var type = text[position..equals].Trim();
        var oid = NameAttributes.OidOf(type) ?? type;
        if (!ObjectIdentifier.IsValid(oid))
            throw new PkiException($"The subject {Quote.Of(text)} names the attribute {Quote.Of(type)}, which is not known: "
                + "use CN, O, OU, C, ST, L, STREET, DC, UID, SERIALNUMBER, POSTALCODE or a dotted OID.");
        position = equals + 1;
        while (Take(text, ' ', ref position)) { }
        return position < text.Length && text[position] == '#'
            ? ParseHex(text, oid, ref position)
            : NameAttribute.Of(oid, ParseValue(text, ref position));
    }

    private static NameAttribute ParseHex(string text, string oid, ref int position)
    {
        var start = position + 1;
        position = start;
        while (position < text.Length && char.IsAsciiHexDigit(text[position]))
            position++;
        if (position == start || (position - start) % 2 != 0)
            throw Malformed(text, start, "expected pairs of hexadecimal digits");
        return NameAttribute.FromDer(oid, Convert.FromHexString(text.AsSpan(start, position - start)))
            ?? throw Malformed(text, start, "the hexadecimal value is not one DER value");
    }

    private static string ParseValue(string text, ref int position)
    {
        var octets = new List<byte>();
        // Trailing spaces are not part of the value unless escaped.
        var length = 0;
        while (position < text.Length && text[position] is not (',' or '+'))
        {
            var c = text[position];
            if (c == '\\')
            {
                octets.AddRange(ParseEscape(text, ref position));
                length = octets.Count;
                continue;
            }
            if (c is '"' or ';' or '<' or '>')
                throw Malformed(text, position, $"the character {c} must be written as \\{c}");
            var rune = char.IsHighSurrogate(c) && position + 1 < text.Length ? text.Substring(position, 2) : c.ToString();
            position += rune.Length;
            octets.AddRange(Encoding.UTF8.GetBytes(rune));
            if (c != ' ')
                length = octets.Count;
        }
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. octets.Take(length)]);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(text, position, "the escaped octets before are not UTF-8");
        }
    }

    private static byte[] ParseEscape(string text, ref int position)
    {
        var next = position + 1 < text.Length ? text[position + 1] : '\0';
        if (next == ' ' || Special.Contains(next, StringComparison.Ordinal))
        {
            position += 2;
            return [(byte)next];
        }
        if (position + 2 >= text.Length || !char.IsAsciiHexDigit(next) || !char.IsAsciiHexDigit(text[position + 2]))
            throw Malformed(text, position, "a backslash must be followed by a special character or two hexadecimal digits");
        position += 3;
        return Convert.FromHexString(text.AsSpan(position - 2, 2));
    }

    private static bool Take(string text, char wanted, ref int position)
    {
        if (position >= text.Length || text[position] != wanted)
            return false;
        position++;
        return true;
    }

    private static PkiException Malformed(string text, int position, string what) =>
        new($"The subject {Quote.Of(text)} is not a distinguished name of RFC 4514: at character {position + 1}, {what}.");
}
