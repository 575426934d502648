namespace CertOperator.Testing.Dns;

/// <summary>A zone, and records in it beside SOA and NS, one master file line each (RFC 1035 section 5).</summary>
public sealed record DnsZone(string Name, params string[] Records)
{
    internal string ToMasterFile() => $"""
        $ORIGIN {Name}.
        $TTL 1
        @ SOA ns hostmaster 1 3600 600 86400 1
        @ NS ns
        ns A 127.0.0.1
        {string.Join('\n', Records)}

        """;
}
