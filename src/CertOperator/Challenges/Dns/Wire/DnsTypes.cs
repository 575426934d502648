namespace CertOperator.Challenges.Dns.Wire;

/// <summary>Record types in use (RFC 1035, 3596, 6891, 8945).</summary>
internal enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,
    Tsig = 250,
}

/// <summary>Classes in use; <see cref="None"/> and <see cref="Any"/> have meanings of their own in updates (RFC 2136).</summary>
internal enum DnsClass : ushort
{
    In = 1,
    None = 254,
    Any = 255,
}

internal enum DnsOpcode
{
    Query = 0,
    Update = 5,
}

/// <summary>Response codes (RFC 1035, 2136, 8945).</summary>
internal enum DnsResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    NotAuthoritative = 9,
    NotZone = 10,
}
