namespace CertOperator.Acme.Certificates;

/// <summary>Which of several chains to take (RFC 8555 section 7.4.2); if none fits, the CA's own choice.</summary>
public sealed record ChainPreference
{
    /// <summary>The common name of the issuer of the chain's last certificate.</summary>
    public string? IssuerCommonName { get; init; }

    /// <summary>Take the one with the fewest certificates.</summary>
    public bool Shortest { get; init; }
}
