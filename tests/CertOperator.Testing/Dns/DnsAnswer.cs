namespace CertOperator.Testing.Dns;

/// <summary>
/// What a DNS server answered (RFC 1035). <paramref name="Code"/> is the RCODE, for instance 0 for success and 3 for a name
/// that does not exist; <paramref name="Texts"/> are the TXT records, each with its strings joined.
/// </summary>
public sealed record DnsAnswer(int Code, IReadOnlyList<string> Texts);
