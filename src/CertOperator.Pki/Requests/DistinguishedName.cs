using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>
/// A Name (RFC 5280 section 4.1.2.4), kept in the DER in which it came. Two are equal when their canonical forms are: case, runs of spaces
/// and string types do not count.
/// </summary>
public sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private const int MaxDerBytes = 16 * 1024;

    private readonly List<List<NameAttribute>> _rdns;
    private readonly string _canonical;

    private DistinguishedName(ReadOnlyMemory<byte> der, List<List<NameAttribute>> rdns)
    {
        Der = der;
        _rdns = rdns;
        _canonical = string.Join('\n', rdns.Select(rdn => string.Join('+', rdn.Select(a => a.Canonical()).Order(StringComparer.Ordinal))));
    }

    public static DistinguishedName Empty { get; } = FromRdns([]);

    public ReadOnlyMemory<byte> Der { get; }

    public bool IsEmpty => _rdns.Count == 0;

    /// <summary>The last, most specific, CN, if there is one.</summary>
    public string? CommonName => TextsOf(Oids.CommonName).LastOrDefault();

    /// <summary>Every CN, as clients may take any of them for the subject's name; null for one that is no character string that is read here.</summary>
    public IReadOnlyList<string?> CommonNames => [.. AttributesOf(Oids.CommonName).Select(attribute => attribute.Text)];

    /// <summary>Every emailAddress (PKCS #9), in RFC 4514's hexadecimal if it is no character string.</summary>
    public IReadOnlyList<string> EmailAddresses => [.. AttributesOf(Oids.EmailAddress).Select(attribute => attribute.Text ?? $"#{Convert.ToHexString(attribute.Value.Span)}")];

    /// <summary>Reads the string form of RFC 4514 (most specific part first), as <c>spec.literalSubject</c> holds it.</summary>
    /// <exception cref="PkiException">The text is malformed, or a value does not fit its attribute.</exception>
    public static DistinguishedName Parse(string rfc4514) => FromRdns(DistinguishedNameText.Parse(rfc4514));

    /// <exception cref="PkiException">A value does not fit its attribute: too long, or a country that is not two letters.</exception>
    public static DistinguishedName FromParts(string? commonName, SubjectParts parts)
    {
        IEnumerable<NameAttribute> Each(string oid, IEnumerable<string> values) => values.Select(value => NameAttribute.Of(oid, value));
        IEnumerable<string> Optional(string? value) => string.IsNullOrEmpty(value) ? [] : [value];
        NameAttribute[] attributes =
        [
            .. Each(Oids.Country, parts.Countries),
            .. Each(Oids.Province, parts.Provinces),
            .. Each(Oids.Locality, parts.Localities),
            .. Each(Oids.Street, parts.StreetAddresses),
            .. Each(Oids.PostalCode, parts.PostalCodes),
            .. Each(Oids.Organization, parts.Organizations),
            .. Each(Oids.OrganizationalUnit, parts.OrganizationalUnits),
            .. Each(Oids.SerialNumber, Optional(parts.SerialNumber)),
            .. Each(Oids.CommonName, Optional(commonName)),
        ];
        return FromRdns([.. attributes.Select(attribute => new List<NameAttribute> { attribute })]);
    }

    /// <summary>The string form of RFC 4514, most specific part first.</summary>
    public override string ToString() => DistinguishedNameText.Format(_rdns);

    public bool Equals(DistinguishedName? other) => other is not null && _canonical == other._canonical;

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => _canonical.GetHashCode(StringComparison.Ordinal);

    /// <exception cref="AsnContentException">It is not a Name.</exception>
    internal static DistinguishedName FromDer(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxDerBytes)
            throw new PkiException($"A name is {der.Length} bytes long: more than {MaxDerBytes} bytes are not read.");
        var rdns = new List<List<NameAttribute>>();
        var whole = new AsnReader(der, AsnEncodingRules.DER);
        var reader = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        while (reader.HasData)
        {
            var set = reader.ReadSetOf();
            var rdn = new List<NameAttribute>();
            while (set.HasData)
                rdn.Add(NameAttribute.Read(set.ReadSequence()));
            rdns.Add(rdn);
        }
        return new DistinguishedName(der, rdns);
    }

    internal IEnumerable<string> TextsOf(string oid) => AttributesOf(oid).Select(attribute => attribute.Text).OfType<string>();

    private IEnumerable<NameAttribute> AttributesOf(string oid) => _rdns.SelectMany(rdn => rdn).Where(attribute => attribute.Oid == oid);

    private static DistinguishedName FromRdns(List<List<NameAttribute>> rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var rdn in rdns)
            {
                using var set = writer.PushSetOf();
                foreach (var attribute in rdn)
                    attribute.Write(writer);
            }
        }
        if (writer.GetEncodedLength() > MaxDerBytes)
            throw new PkiException($"The subject takes {writer.GetEncodedLength()} bytes: at most {MaxDerBytes} are possible.");
        return new DistinguishedName(writer.Encode(), rdns);
    }
}
