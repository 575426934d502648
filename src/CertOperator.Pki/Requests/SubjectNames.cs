namespace CertOperator.Pki.Requests;

/// <summary>The subject alternative names of RFC 5280 section 4.2.1.6, by kind. Compare with <see cref="Covers"/>, not with equality.</summary>
public sealed record SubjectNames(
    IReadOnlyList<string> DnsNames,
    IReadOnlyList<string> IpAddresses,
    IReadOnlyList<string> Uris,
    IReadOnlyList<string> EmailAddresses,
    IReadOnlyList<OtherName> OtherNames)
{
    public SubjectNames() : this([], [], [], [], []) { }

    public static SubjectNames Empty { get; } = new();

    public int Count => DnsNames.Count + IpAddresses.Count + Uris.Count + EmailAddresses.Count + OtherNames.Count;

    /// <summary>Whether each name asked for is here as itself: a wildcard covers only the same wildcard.</summary>
    public bool Covers(SubjectNames asked) => Missing(asked).Count == 0;

    /// <summary>Those of the names asked for that are not here, as they were written.</summary>
    public IReadOnlyList<string> Missing(SubjectNames asked)
    {
        var own = Canonical().Select(name => name.Canonical).ToHashSet(StringComparer.Ordinal);
        return [.. asked.Canonical().Where(name => !own.Contains(name.Canonical)).Select(name => name.Written)];
    }

    /// <summary>Each name as written, and in a form that is equal exactly for names that mean the same.</summary>
    internal IEnumerable<(string Canonical, string Written)> Canonical()
    {
        foreach (var name in DnsNames)
            yield return ($"DNS:{name.ToLowerInvariant()}", name);
        foreach (var address in IpAddresses)
            yield return ($"IP:{(IpText.TryParse(address, out var parsed) ? parsed.ToString() : address)}", address);
        foreach (var uri in Uris)
            yield return ($"URI:{uri}", uri);
        foreach (var email in EmailAddresses)
            yield return ($"EMAIL:{CanonicalEmail(email)}", email);
        foreach (var other in OtherNames)
            yield return ($"OTHER:{other.Oid}:{other.Value}", $"{other.Oid}:{other.Value}");
    }

    // RFC 5280 section 7.5: the local part is compared exactly, the host without regard to case.
    private static string CanonicalEmail(string email)
    {
        var at = email.LastIndexOf('@');
        return at < 0 ? email : string.Concat(email.AsSpan(0, at), email[at..].ToLowerInvariant());
    }
}
