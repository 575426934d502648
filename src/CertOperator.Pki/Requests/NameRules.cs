namespace CertOperator.Pki.Requests;

/// <summary>Whether names may be asked for at all, before any CA is bothered.</summary>
public static class NameRules
{
    public const int MaxNames = 100;
    public const int MaxCommonNameLength = 64;

    /// <returns>One sentence for each problem, naming the name; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(SubjectNames names, string? commonName)
    {
        if (names.Count > MaxNames)
            return [$"{names.Count} names are asked for: one certificate holds at most {MaxNames}, so spread them over several."];
        if (names.Count == 0 && string.IsNullOrEmpty(commonName))
            return ["No name is asked for: set a DNS name, an IP address, a URI, an e-mail address, another name or a common name."];
        return
        [
            .. CommonNameProblems(commonName),
            .. names.DnsNames.Select(DnsNameRule.Problem).OfType<string>(),
            .. names.IpAddresses.Select(IpAddressProblem).OfType<string>(),
            .. names.Uris.Select(UriProblem).OfType<string>(),
            .. names.EmailAddresses.Select(EmailProblem).OfType<string>(),
            .. names.OtherNames.Select(OtherNameProblem).OfType<string>(),
            .. DuplicateProblems(names),
        ];
    }

    // RFC 5280 appendix A.1, ub-common-name.
    private static IEnumerable<string> CommonNameProblems(string? commonName)
    {
        if (commonName?.Length > MaxCommonNameLength)
            yield return $"The common name {Quote.Of(commonName)} has {commonName.Length} characters: at most {MaxCommonNameLength} fit, so leave it out and use dnsNames.";
    }

    private static string? IpAddressProblem(string address) => IpText.TryParse(address, out _)
        ? null
        : $"The IP address {Quote.Of(address)} is not one: write it as 192.0.2.1 or 2001:db8::1.";

    private static string? UriProblem(string uri)
    {
        var scheme = uri.IndexOf(':', StringComparison.Ordinal);
        var isOne = scheme > 0
            && uri.All(c => c is > ' ' and < '\x7f')
            && Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
            && uri.StartsWith(parsed.Scheme + ":", StringComparison.OrdinalIgnoreCase);
        return isOne ? null : $"The URI {Quote.Of(uri)} is not an absolute URI in ASCII (RFC 3986).";
    }

    private static string? EmailProblem(string email)
    {
        const int maxLocalPart = 64;
        var at = email.LastIndexOf('@');
        if (at is < 1 or > maxLocalPart || !email.AsSpan(0, at).ToString().All(c => c is > ' ' and < '\x7f' and not ('@' or '<' or '>' or '"' or ',')))
            return $"The e-mail address {Quote.Of(email)} is not one: write it as name@example.org in ASCII.";
        var host = email[(at + 1)..];
        return host.StartsWith('*') || DnsNameRule.Problem(host) is not null
            ? $"The e-mail address {Quote.Of(email)} has no valid host after the @."
            : null;
    }

    private static string? OtherNameProblem(OtherName other)
    {
        if (!ObjectIdentifier.IsValid(other.Oid))
            return $"The other name {Quote.Of($"{other.Oid}:{other.Value}")} has a type that is not an OID: write it as 1.3.6.1.4.1.311.20.2.3.";
        return other.Value.Length == 0 ? $"The other name of type {other.Oid} has no value." : null;
    }

    private static IEnumerable<string> DuplicateProblems(SubjectNames names) =>
        from same in names.Canonical().GroupBy(name => name.Canonical, StringComparer.Ordinal)
        where same.Count() > 1
        select $"The name {Quote.Of(same.First().Written)} is there {same.Count()} times: name it once.";
}
