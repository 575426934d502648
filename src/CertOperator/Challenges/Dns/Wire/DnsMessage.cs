namespace CertOperator.Challenges.Dns.Wire;

/// <summary>A message that was read (RFC 1035, 4).</summary>
internal sealed record DnsMessage
{
    public required ushort Id { get; init; }

    public required bool IsResponse { get; init; }

    public required DnsOpcode Opcode { get; init; }

    public required DnsResponseCode Code { get; init; }

    /// <summary>It did not fit into the datagram: ask again over TCP.</summary>
    public required bool IsTruncated { get; init; }

    public required IReadOnlyList<DnsQuestion> Questions { get; init; }

    public required IReadOnlyList<DnsRecord> Answers { get; init; }

    public required IReadOnlyList<DnsRecord> Authorities { get; init; }

    public required IReadOnlyList<DnsRecord> Additionals { get; init; }
}

internal sealed record DnsQuestion(string Name, DnsType Type, DnsClass Class = DnsClass.In);

/// <summary>A resource record.</summary>
/// <param name="Name">Its owner.</param>
/// <param name="Type">Its type; may be one that <see cref="DnsType"/> does not name.</param>
/// <param name="Class">Its class.</param>
/// <param name="Ttl">Seconds that it may be kept.</param>
/// <param name="Data">Its data as on the wire.</param>
/// <param name="Offset">Where the record starts in the message.</param>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Ttl, ReadOnlyMemory<byte> Data, int Offset)
{
    /// <summary>The name in the data of CNAME, NS and (the primary server) SOA.</summary>
    public string? Target { get; init; }

    /// <summary>The strings of a TXT record put together; a character is a byte.</summary>
    public string? Text { get; init; }
}
