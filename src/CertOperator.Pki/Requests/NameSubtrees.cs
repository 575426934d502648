namespace CertOperator.Pki.Requests;

/// <summary>Subtrees of names (RFC 5280 section 4.2.1.10); IP ranges in CIDR form.</summary>
public sealed record NameSubtrees(
    IReadOnlyList<string> DnsDomains,
    IReadOnlyList<string> IpRanges,
    IReadOnlyList<string> EmailAddresses,
    IReadOnlyList<string> UriDomains)
{
    public NameSubtrees() : this([], [], [], []) { }

    internal bool IsEmpty => DnsDomains.Count + IpRanges.Count + EmailAddresses.Count + UriDomains.Count == 0;
}
