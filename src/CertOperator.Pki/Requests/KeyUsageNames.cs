using System.Collections.Frozen;

namespace CertOperator.Pki.Requests;

/// <summary>The 23 names by which a Certificate asks for key usages and extended key usages.</summary>
public static class KeyUsageNames
{
    private static readonly FrozenDictionary<string, KeyUsages> Bits = new Dictionary<string, KeyUsages>
    {
        ["signing"] = KeyUsages.DigitalSignature,
        ["digital signature"] = KeyUsages.DigitalSignature,
        ["content commitment"] = KeyUsages.ContentCommitment,
        ["key encipherment"] = KeyUsages.KeyEncipherment,
        ["data encipherment"] = KeyUsages.DataEncipherment,
        ["key agreement"] = KeyUsages.KeyAgreement,
        ["cert sign"] = KeyUsages.CertSign,
        ["crl sign"] = KeyUsages.CrlSign,
        ["encipher only"] = KeyUsages.EncipherOnly,
        ["decipher only"] = KeyUsages.DecipherOnly,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> ExtendedOids = new Dictionary<string, string>
    {
        ["any"] = Oids.AnyExtendedKeyUsage,
        ["server auth"] = "1.3.6.1.5.5.7.3.1",
        ["client auth"] = "1.3.6.1.5.5.7.3.2",
        ["code signing"] = "1.3.6.1.5.5.7.3.3",
        ["email protection"] = "1.3.6.1.5.5.7.3.4",
        ["s/mime"] = "1.3.6.1.5.5.7.3.4",
        ["ipsec end system"] = "1.3.6.1.5.5.7.3.5",
        ["ipsec tunnel"] = "1.3.6.1.5.5.7.3.6",
        ["ipsec user"] = "1.3.6.1.5.5.7.3.7",
        ["timestamping"] = "1.3.6.1.5.5.7.3.8",
        ["ocsp signing"] = "1.3.6.1.5.5.7.3.9",
        ["microsoft sgc"] = "1.3.6.1.4.1.311.10.3.3",
        ["netscape sgc"] = "2.16.840.1.113730.4.1",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = [.. Bits.Keys.Concat(ExtendedOids.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Bits of the key usage extension, and the distinct OIDs of the extended key usage extension in the order asked.</summary>
    /// <exception cref="PkiException">A name is not one of <see cref="All"/>.</exception>
    public static (KeyUsages KeyUsages, IReadOnlyList<string> ExtendedKeyUsages) Parse(IEnumerable<string> names)
    {
        var usages = KeyUsages.None;
        var extended = new List<string>();
        foreach (var name in names)
        {
            if (Bits.TryGetValue(name, out var bit))
                usages |= bit;
            else if (!ExtendedOids.TryGetValue(name, out var oid))
                throw new PkiException($"The usage {Quote.Of(name)} is not known: use one of {string.Join(", ", All)}.");
            else if (!extended.Contains(oid))
                extended.Add(oid);
        }
        return (usages, extended);
    }

    /// <summary>The name of an extended key usage, or the OID itself where it has none here.</summary>
    internal static string NameOf(string oid) => ExtendedOids.FirstOrDefault(usage => usage.Value == oid).Key ?? oid;
}
