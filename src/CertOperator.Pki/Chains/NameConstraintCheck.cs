using System.Net;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Chains;

/// <summary>Names against the constraints of a CA above them, RFC 5280 section 4.2.1.10.</summary>
internal static class NameConstraintCheck
{
    /// <summary>One sentence for each name that the CA may not certify.</summary>
    public static IEnumerable<string> Violations(IssuedCertificate ca, SubjectNames names)
    {
        if (ca.NameConstraints is not { } constraints)
            return [];
        return Violations(ca, constraints, names.DnsNames, trees => trees.DnsDomains, IsInDomain)
            .Concat(Violations(ca, constraints, names.IpAddresses, trees => trees.IpRanges, IsInRange))
            .Concat(Violations(ca, constraints, names.EmailAddresses, trees => trees.EmailAddresses, IsInMailDomain))
            .Concat(Violations(ca, constraints, names.Uris, trees => trees.UriDomains, IsInUriDomain));
    }

    private static IEnumerable<string> Violations(
        IssuedCertificate ca,
        NameConstraints constraints,
        IReadOnlyList<string> names,
        Func<NameSubtrees, IReadOnlyList<string>> kind,
        Func<string, string, bool> isIn)
    {
        var permitted = constraints.Permitted is { } p ? kind(p) : [];
        var excluded = constraints.Excluded is { } e ? kind(e) : [];
        foreach (var name in names)
        {
            if (excluded.FirstOrDefault(tree => isIn(name, tree)) is { } forbidden)
                yield return $"The name {Quote.Of(name)} is excluded by the name constraint {Quote.Of(forbidden)} of the CA {ca}.";
            else if (permitted.Count > 0 && !permitted.Any(tree => isIn(name, tree)))
                yield return $"The name {Quote.Of(name)} is outside the names that the CA {ca} may certify: {string.Join(", ", permitted)}.";
        }
    }

    // The domain itself and all below it; a leading dot, as many CAs write it, means only those below.
    private static bool IsInDomain(string name, string domain)
    {
        var bare = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        if (domain.StartsWith('.'))
            return name.EndsWith(domain, StringComparison.OrdinalIgnoreCase);
        return domain.Length == 0
            || bare.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith('.' + domain, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsInRange(string address, string cidr) =>
        IPAddress.TryParse(address, out var parsed)
        && IPNetwork.TryParse(cidr, out var network)
        && network.BaseAddress.AddressFamily == parsed.AddressFamily
        && network.Contains(parsed);

    // A mailbox, a host, or with a leading dot the hosts below a domain.
    private static bool IsInMailDomain(string email, string constraint) =>
        constraint.Contains('@', StringComparison.Ordinal)
            ? new SubjectNames { EmailAddresses = [email] }.Covers(new SubjectNames { EmailAddresses = [constraint] })
            : IsHost(email[(email.LastIndexOf('@') + 1)..], constraint);

    private static bool IsInUriDomain(string uri, string constraint) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && IsHost(parsed.Host, constraint);

    private static bool IsHost(string host, string constraint) =>
        constraint.StartsWith('.')
            ? host.EndsWith(constraint, StringComparison.OrdinalIgnoreCase)
            : host.Equals(constraint, StringComparison.OrdinalIgnoreCase);
}
