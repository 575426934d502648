using System.Collections.Frozen;
using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>Attribute types of distinguished names: short names (RFC 4514 section 3, RFC 4519), string types and upper bounds (RFC 5280 appendix A.1).</summary>
internal static class NameAttributes
{
    private static readonly FrozenDictionary<string, string> OidsByName = new Dictionary<string, string>
    {
        ["CN"] = Oids.CommonName,
        ["SERIALNUMBER"] = Oids.SerialNumber,
        ["C"] = Oids.Country,
        ["L"] = Oids.Locality,
        ["ST"] = Oids.Province,
        ["STREET"] = Oids.Street,
        ["O"] = Oids.Organization,
        ["OU"] = Oids.OrganizationalUnit,
        ["POSTALCODE"] = Oids.PostalCode,
        ["DC"] = Oids.DomainComponent,
        ["UID"] = Oids.UserId,
        ["SN"] = "2.5.4.4",
        ["TITLE"] = "2.5.4.12",
        ["GIVENNAME"] = "2.5.4.42",
        ["EMAILADDRESS"] = Oids.EmailAddress,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> NamesByOid =
        OidsByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> MaxLengths = new Dictionary<string, int>
    {
        [Oids.CommonName] = 64,
        [Oids.SerialNumber] = 64,
        [Oids.Country] = 2,
        [Oids.Locality] = 128,
        [Oids.Province] = 128,
        [Oids.Street] = 128,
        [Oids.Organization] = 64,
        [Oids.OrganizationalUnit] = 64,
        [Oids.PostalCode] = 40,
        [Oids.EmailAddress] = 255,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? OidOf(string name) => OidsByName.GetValueOrDefault(name);

    public static string NameOf(string oid) => NamesByOid.GetValueOrDefault(oid, oid);

    public static bool HasName(string oid) => NamesByOid.ContainsKey(oid);

    /// <exception cref="PkiException">The value is empty, too long, or not of the attribute's characters.</exception>
    public static UniversalTagNumber StringTypeFor(string oid, string value)
    {
        var max = MaxLengths.GetValueOrDefault(oid, 1024);
        if (oid != Oids.Country && (value.Length == 0 || value.Length > max))
            throw new PkiException($"The subject's {NameOf(oid)} has {value.Length} characters: it must have from 1 to {max}.");
        switch (oid)
        {
            case Oids.Country when value.Length != 2 || !value.All(char.IsAsciiLetter):
                throw new PkiException($"The subject's country {Quote.Of(value)} is not a code of two letters (ISO 3166).");
            case Oids.Country:
                return UniversalTagNumber.PrintableString;
            case Oids.SerialNumber when !value.All(IsPrintableString):
                throw new PkiException("The subject's serial number may hold only letters, digits, spaces and '()+,-./:=?.");
            case Oids.SerialNumber:
                return UniversalTagNumber.PrintableString;
            case Oids.DomainComponent or Oids.EmailAddress when !value.All(char.IsAscii):
                throw new PkiException($"The subject's {NameOf(oid)} may hold only ASCII characters.");
            case Oids.DomainComponent or Oids.EmailAddress:
                return UniversalTagNumber.IA5String;
            default:
                return UniversalTagNumber.UTF8String;
        }
    }

    private static bool IsPrintableString(char c) => char.IsAsciiLetterOrDigit(c) || " '()+,-./:=?".Contains(c, StringComparison.Ordinal);
}
