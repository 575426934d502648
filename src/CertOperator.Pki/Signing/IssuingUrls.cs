namespace CertOperator.Pki.Signing;

/// <summary>Where relying parties find revocation and the issuer (RFC 5280 sections 4.2.1.13 and 4.2.2.1).</summary>
public sealed record IssuingUrls(
    IReadOnlyList<string> CrlDistributionPoints,
    IReadOnlyList<string> OcspServers,
    IReadOnlyList<string> IssuingCertificateUrls)
{
    public IssuingUrls() : this([], [], []) { }

    public static IssuingUrls None { get; } = new();
}
