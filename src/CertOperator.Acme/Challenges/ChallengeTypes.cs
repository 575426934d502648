namespace CertOperator.Acme.Challenges;

/// <summary>The ways of validation that this library can answer.</summary>
public static class ChallengeTypes
{
    public const string Http01 = "http-01";
    public const string Dns01 = "dns-01";
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>draft-ietf-acme-dns-account-label-02.</summary>
    public const string DnsAccount01 = "dns-account-01";

    /// <summary>draft-ietf-acme-dns-persist; experimental.</summary>
    public const string DnsPersist01 = "dns-persist-01";
}
