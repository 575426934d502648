using System.Net;
using CertOperator.Pki.Requests;
using FsCheck;
using FsCheck.Fluent;

namespace CertOperator.Pki.Tests.Requests;

/// <summary>Generators of valid names, for property tests.</summary>
public static class Names
{
    public static Arbitrary<SubjectNames> SubjectNames() => Arb.From(
        from dns in Distinct(DnsName)
        from ips in Distinct(IpAddress)
        from uris in Distinct(Host.Select(name => $"spiffe://{name}/a"))
        from emails in Distinct(Host.Select(name => $"ops@{name}"))
        from others in Distinct(Host.Select(name => new OtherName("1.3.6.1.4.1.311.20.2.3", name)))
        select new SubjectNames(dns, ips, uris, emails, others));

    public static Arbitrary<DistinguishedName> DistinguishedName() => Arb.From(
        from commonName in Text(64)
        from organizations in Text(64).ListOf()
        from units in Text(64).ListOf()
        from localities in Text(128).ListOf()
        from hasCountry in ArbMap.Default.GeneratorFor<bool>()
        select CertOperator.Pki.Requests.DistinguishedName.FromParts(commonName, new SubjectParts
        {
            Organizations = organizations,
            OrganizationalUnits = units,
            Localities = localities,
            Countries = hasCountry ? ["NL"] : [],
        }));

    private static Gen<string> DnsName =>
        from host in Host
        from wildcard in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Constant("*.")))
        select wildcard + host;

    private static Gen<string> Host =>
        from labels in Gen.NonEmptyListOf(Label)
        select string.Join('.', labels.Take(3)) + ".example";

    private static Gen<string> Label =>
        from letters in Gen.NonEmptyListOf(Gen.Elements("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789".ToCharArray()))
        select string.Concat(letters.Take(60));

    private static Gen<string> IpAddress =>
        from octets in Gen.OneOf(Octets(4), Octets(16))
        select new IPAddress(octets).ToString();

    // All that is written with escapes in RFC 4514, and characters of two, three and four octets.
    private static Gen<string> Text(int maxLength) =>
        from parts in Gen.NonEmptyListOf(Gen.Elements("a", "Z", "9", " ", ",", "+", "\"", "\\", "<", ">", ";", "=", "#", "\u0001", "é", "東", "🔒"))
        select string.Concat(parts.Take(maxLength / 2));

    private static Gen<byte[]> Octets(int count) => ArbMap.Default.GeneratorFor<byte>().ArrayOf(count);

    private static Gen<List<T>> Distinct<T>(Gen<T> each) => each.ListOf().Select(items => items.DistinctBy(item => $"{item}".ToLowerInvariant()).Take(19).ToList());
}
